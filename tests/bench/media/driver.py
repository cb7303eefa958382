"""Many callers at once on the carrier's wire, light enough to share a core with the stubs.

Each caller speaks for three seconds in a cycle of ten and listens to a reply of four. Frames are
built beforehand; what comes back is timed by a playout clock.
"""

import asyncio
import base64
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

FRAME_S = 0.02
CYCLE_S = 10.0
SETTLE_S = 3.0  # greeting, connections
ANSWER_WITHIN_S = 5.0
UNDERRUN_S = 0.06  # a carrier's jitter buffer hides less than this
_VOICE = Path(__file__).parents[2] / "telephony" / "media" / "voices" / "question.ulaw"


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a caller's stream goes, and with which parameters."""

    url: str
    parameters: dict[str, str]


@dataclass(slots=True)
class Turn:
    """One utterance of a caller: when it ended, and what came."""

    ended_at: float
    answered_after_s: float | None = None
    underruns: int = 0


@dataclass(slots=True)
class Heard:
    """All turns of one caller."""

    turns: list[Turn] = field(default_factory=list)
    closed_early: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What all callers heard, and how late the callers themselves were at worst:
    past 100 ms they are the limit.
    """

    heard: list[Heard]
    late_s: float


class _Message(msgspec.Struct):
    event: str
    media: dict[str, str] | None = None
    mark: dict[str, str] | None = None


_decode = msgspec.json.Decoder(_Message).decode


class LoadCaller(WSListener):
    """One caller."""

    def __init__(self, stream: Stream, starts_at: float) -> None:
        self.heard = Heard()
        self._parameters = stream.parameters
        self._id = f"MZ{secrets.token_hex(16)}"
        self._starts_at = starts_at
        self._transport: WSTransport | None = None
        self._play_until = 0.0
        self._ended = False
        voice = _VOICE.read_bytes()
        self._voice = [self._frame(voice[n : n + 160]) for n in range(0, len(voice) - 159, 160)]
        self._silence = self._frame(b"\xff" * 160)

    def _frame(self, mulaw: bytes) -> bytes:
        payload = base64.b64encode(mulaw).decode()
        media = {"track": "inbound", "chunk": "1", "timestamp": "0", "payload": payload}
        return msgspec.json.encode(
            {"event": "media", "sequenceNumber": "1", "streamSid": self._id, "media": media}
        )

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        start = {
            "streamSid": self._id,
            "accountSid": "AC1",
            "callSid": "CA1",
            "tracks": ["inbound"],
            "customParameters": self._parameters,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        self._send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        self._send({"event": "start", "sequenceNumber": "1", "streamSid": self._id, "start": start})

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is not WSMsgType.TEXT:
            return
        now = time.monotonic()
        message = _decode(frame.get_payload_as_bytes())
        if message.media is not None:
            self._play(now, len(message.media["payload"]) * 3 // 4 / 8000)
        elif message.mark is not None:
            asyncio.get_running_loop().call_later(
                max(0.0, self._play_until - now), self._return, message.mark["name"]
            )
        elif message.event == "clear":
            self._play_until = now

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.heard.closed_early = not self._ended

    def _play(self, now: float, seconds: float) -> None:
        turn = self.heard.turns[-1] if self.heard.turns else None
        if (
            turn is not None
            and turn.answered_after_s is None
            and now < turn.ended_at + ANSWER_WITHIN_S
        ):
            turn.answered_after_s = now - turn.ended_at
            self._play_until = now
        elif (
            turn is not None
            and turn.answered_after_s is not None
            and now - self._play_until > UNDERRUN_S
        ):
            turn.underruns += 1
        self._play_until = max(now, self._play_until) + seconds

    def _return(self, name: str) -> None:
        self._send({"event": "mark", "streamSid": self._id, "mark": {"name": name}})

    def _send(self, message: dict[str, object]) -> None:
        if self._transport is not None and not self._transport.is_disconnected:
            self._transport.send(WSMsgType.TEXT, msgspec.json.encode(message))

    def tick(self, now: float) -> None:
        """One frame: of the utterance, or of silence."""
        if self._transport is None or self._transport.is_disconnected:
            return
        into = now - self._starts_at
        at = int((into % CYCLE_S) / FRAME_S) if into >= 0 else len(self._voice)
        if at < len(self._voice):
            self._transport.send(WSMsgType.TEXT, self._voice[at])
            if at == len(self._voice) - 1:
                self.heard.turns.append(Turn(now))
        else:
            self._transport.send(WSMsgType.TEXT, self._silence)

    def stop(self) -> None:
        """Hang up."""
        self._ended = True
        self._send({"event": "stop", "streamSid": self._id, "stop": {"callSid": "CA1"}})
        if self._transport is not None:
            self._transport.disconnect()


async def call_all(streams: list[Stream], *, turns: int) -> Result:
    """Every stream a caller, spread evenly over the cycle; what each of them heard."""
    begin = time.monotonic() + SETTLE_S
    callers = [LoadCaller(s, begin + n * CYCLE_S / len(streams)) for n, s in enumerate(streams)]
    connecting = asyncio.Semaphore(20)

    async def connect(caller: LoadCaller, stream: Stream) -> None:
        async with connecting:
            await ws_connect(lambda: caller, stream.url, websocket_handshake_timeout=10)

    async with asyncio.TaskGroup() as group:
        for caller, stream in zip(callers, streams, strict=True):
            group.create_task(connect(caller, stream))
    ends_at = begin + CYCLE_S + turns * CYCLE_S
    tick = time.monotonic()
    late_s = 0.0
    while tick < ends_at:
        late_s = max(late_s, time.monotonic() - tick)
        for n, caller in enumerate(callers):
            # Frames of many callers do not come in one burst.
            if n % 32 == 31:
                await asyncio.sleep(0)
            caller.tick(tick)
        tick += FRAME_S
        await asyncio.sleep(max(0.0, tick - time.monotonic()))
    for caller in callers:
        caller.stop()
    heard = [caller.heard for caller in callers]
    for one in heard:
        del one.turns[turns:]
    return Result(heard, late_s)
