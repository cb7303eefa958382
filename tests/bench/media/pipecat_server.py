"""Pipecat on the carrier's wire, with the same stub delays in its own process: `python
pipecat_server.py --port N`.

Runs in an environment of its own (`.warmline/bench`). The stubs are inside the process, which
spares it the sockets that the media plane's own stubs cost; the voice detector is the one that the
media plane uses (`--vad webrtc`), or Pipecat's usual one (`--vad silero`).
"""

# mypy: ignore-errors
# Runs in Pipecat's environment, where its types are; the project's has none of them.

import argparse
import asyncio
import audioop
import math
from collections.abc import AsyncGenerator
from typing import Any

import uvicorn
import uvloop
import webrtcvad
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADAnalyzer, VADParams
from pipecat.frames.frames import (
    Frame,
    InterruptionFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.stt_service import STTService
from pipecat.services.tts_service import TTSService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.turns.user_stop.speech_timeout_user_turn_stop_strategy import (
    SpeechTimeoutUserTurnStopStrategy,
)
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.utils.time import time_now_iso8601
from pipecat.workers.runner import WorkerRunner

REPLY = (
    "This is the first sentence of an answer. And this is the second sentence of it, a longer one."
)
STOP_S, RESUME_S = 0.2, 0.2


class WebrtcVAD(VADAnalyzer):
    """The media plane's detector behind Pipecat's interface."""

    def __init__(self, *, params: VADParams) -> None:
        super().__init__(params=params)
        self._vad = webrtcvad.Vad(2)

    def num_frames_required(self) -> int:
        return self.sample_rate // 50

    def voice_confidence(self, buffer: bytes) -> float:
        return 1.0 if self._vad.is_speech(buffer, self.sample_rate) else 0.0


class StubSTT(STTService):
    """Text, 100 ms after the speech stopped."""

    def __init__(self, delay_s: float) -> None:
        super().__init__(ttfs_p99_latency=delay_s)
        self._delay_s = delay_s

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        yield None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, VADUserStoppedSpeakingFrame):
            self.create_task(self._say_text())

    async def _say_text(self) -> None:
        await asyncio.sleep(self._delay_s)
        await self.push_frame(
            TranscriptionFrame("are you open", "caller", time_now_iso8601(), finalized=True)
        )


class StubLLM(FrameProcessor):
    """The reply's words, the first after 150 ms."""

    def __init__(self, delay_s: float) -> None:
        super().__init__()
        self._delay_s = delay_s
        self._answering: asyncio.Task[None] | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame):
            self._answering = self.create_task(self._answer())
            return
        if isinstance(frame, InterruptionFrame) and self._answering is not None:
            await self.cancel_task(self._answering)
            self._answering = None
        await self.push_frame(frame, direction)

    async def _answer(self) -> None:
        await asyncio.sleep(self._delay_s)
        await self.push_frame(LLMFullResponseStartFrame())
        for n, word in enumerate(REPLY.split(" ")):
            await self.push_frame(LLMTextFrame(f" {word}" if n else word))
        await self.push_frame(LLMFullResponseEndFrame())


class StubTTS(TTSService):
    """A tone as long as the sentence, the first piece after 100 ms."""

    def __init__(self, delay_s: float, ms_per_char: int) -> None:
        super().__init__(sample_rate=8000, push_stop_frames=True, push_start_frame=True)
        self._delay_s = delay_s
        self._ms_per_char = ms_per_char
        tone = (int(8000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(8000))
        self._tone = b"".join(sample.to_bytes(2, "little", signed=True) for sample in tone)
        assert audioop.rms(self._tone, 2) > 1000

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        await asyncio.sleep(self._delay_s)
        left_ms = self._ms_per_char * len(text)
        while left_ms > 0:
            ms = min(200, left_ms)
            left_ms -= ms
            yield TTSAudioRawFrame(self._tone[: ms * 16], 8000, 1, context_id=context_id)


async def talk(socket: WebSocket, options: argparse.Namespace) -> None:
    """One call."""
    await socket.receive_json()
    start: dict[str, Any] = (await socket.receive_json())["start"]
    serializer = TwilioFrameSerializer(
        stream_sid=start["streamSid"], params=TwilioFrameSerializer.InputParams(auto_hang_up=False)
    )
    params = FastAPIWebsocketParams(
        audio_in_enabled=True, audio_out_enabled=True, add_wav_header=False, serializer=serializer
    )
    transport = FastAPIWebsocketTransport(websocket=socket, params=params)
    vad_params = VADParams(stop_secs=STOP_S)
    vad = (
        SileroVADAnalyzer(params=vad_params)
        if options.vad == "silero"
        else WebrtcVAD(params=vad_params)
    )
    stop = SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=RESUME_S)
    pair = LLMContextAggregatorPair(
        LLMContext([{"role": "system", "content": "You answer the phone."}]),
        user_params=LLMUserAggregatorParams(
            user_turn_strategies=UserTurnStrategies(stop=[stop]), vad_analyzer=vad
        ),
    )
    stages = [
        transport.input(),
        StubSTT(options.stt_s),
        pair.user(),
        StubLLM(options.first_token_s),
        StubTTS(options.first_audio_s, int(options.reply_s * 1000 / len(REPLY))),
        transport.output(),
        pair.assistant(),
    ]
    worker = PipelineWorker(
        Pipeline(stages),
        params=PipelineParams(audio_in_sample_rate=8000, audio_out_sample_rate=8000),
        idle_timeout_secs=None,
        enable_rtvi=False,
    )
    runner = WorkerRunner(handle_sigint=False)

    @transport.event_handler("on_client_disconnected")
    async def gone(_transport: object, _client: object) -> None:
        await worker.cancel()

    await runner.add_workers(worker)
    await runner.run()


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--vad", choices=("webrtc", "silero"), default="webrtc")
    parser.add_argument("--stt-s", type=float, default=0.1)
    parser.add_argument("--first-token-s", type=float, default=0.15)
    parser.add_argument("--first-audio-s", type=float, default=0.1)
    parser.add_argument("--reply-s", type=float, default=4.0)
    options = parser.parse_args()
    logger.remove()
    app = FastAPI()

    @app.websocket("/twilio/media")
    async def media(socket: WebSocket) -> None:
        await socket.accept()
        await talk(socket, options)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    config = uvicorn.Config(app, host="127.0.0.1", port=options.port, log_level="error")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main()
