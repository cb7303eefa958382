"""One connection to a replica that speaks OpenAI's realtime transcription, with turn detection left
to us.

Out: session.update, input_audio_buffer.append and commit; in:
conversation.item.input_audio_transcription.completed and failed.
"""

import asyncio
from binascii import b2a_base64
from collections.abc import Callable
from typing import Any, Final

import msgspec
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from inference.fleet.credentials import bearer
from telephony.media.audio.sockets import Assembler
from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.http import key_for
from warmline.kernel import roles
from warmline.kernel.call import CallPlan

CONNECT_S: Final = 2.0
MAX_MESSAGE_BYTES: Final = 256 * 1024

TEXT_IS_THERE: Final = "conversation.item.input_audio_transcription.completed"
TEXT_FAILED: Final = "conversation.item.input_audio_transcription.failed"

_COMMIT: Final = b'{"type":"input_audio_buffer.commit"}'


# By it a replica is asked how sure it is of each piece of a word (OpenAI's `include`).
_CONFIDENCE: Final = "item.input_audio_transcription.logprobs"
# The format of the audio stands in it: a replica that does not take it would hear noise.
SESSION: Final = "session"


class RealtimeError(msgspec.Struct):
    """A replica's error; `event_id` is that of the message which caused it."""

    message: str | None = None
    event_id: str | None = None


class Logprob(msgspec.Struct):
    """How sure a replica is of one piece of a word: the logarithm of its probability."""

    logprob: float = 0.0


class RealtimeEvent(msgspec.Struct):
    """What a replica says, as far as it concerns us."""

    type: str = ""
    transcript: str = ""
    logprobs: list[Logprob] | None = None
    error: RealtimeError | None = None


decode_event = msgspec.json.Decoder(RealtimeEvent).decode


class RealtimeSocket(WSListener):
    """Gives each message of the replica to `received`; `because` says why it ended."""

    def __init__(self, received: Callable[[bytes], None]) -> None:
        self._received = received
        self._assembler = Assembler(MAX_MESSAGE_BYTES)
        self.transport: WSTransport
        self.because = ""

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type in {WSMsgType.TEXT, WSMsgType.CONTINUATION}:
            message = self._assembler.feed(frame)
            if message is not None:
                self._received(message)
        elif frame.msg_type is WSMsgType.CLOSE:
            self.because = self.because or f"closed with {frame.get_close_code()}"
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()

    def configure(self, plan: CallPlan, endpoint: Endpoint) -> None:
        """Say what will be heard: format, model and language; then the words to expect, and that
        its confidence is wanted.

        These apart, since a replica that does not take them still knows the format.
        """
        transcription: dict[str, Any] = {
            "model": endpoint.model,
            "language": plan.agent.language.split("-")[0],
        }
        audio_input = {
            "format": {"type": "audio/pcmu"},
            "transcription": transcription,
            "turn_detection": None,
        }
        self._update({"audio": {"input": audio_input}}, event_id=SESSION)
        self._update({"include": [_CONFIDENCE]}, event_id="confidence")
        if plan.agent.vocabulary:
            transcription = {**transcription, "prompt": ", ".join(plan.agent.vocabulary)}
            words = {"audio": {"input": {"transcription": transcription}}}
            self._update(words, event_id="vocabulary")

    def _update(self, session: dict[str, Any], *, event_id: str) -> None:
        changed = {"type": "transcription", **session}
        event = {"type": "session.update", "event_id": event_id, "session": changed}
        self._send(msgspec.json.encode(event))

    def append(self, mulaw: bytes) -> None:
        """Audio as the protocol carries it."""
        self._send(
            b'{"type":"input_audio_buffer.append","audio":"'
            + b2a_base64(mulaw, newline=False)
            + b'"}'
        )

    def commit(self) -> None:
        """The text of what was appended is wanted now."""
        self._send(_COMMIT)

    def drop(self, because: str) -> None:
        """End it from our side."""
        self.because = because
        self.transport.disconnect()

    def _send(self, message: bytes) -> None:
        """One message.

        After the end it goes nowhere, and its audio is replayed to another replica.
        """
        if not self.transport.is_disconnected:
            self.transport.send(WSMsgType.TEXT, message)


async def connect(endpoint: Endpoint, received: Callable[[bytes], None]) -> RealtimeSocket:
    """Open a connection.

    `WSError`, `TimeoutError` or `OSError` where the replica does not take it.
    """
    url = "ws" + endpoint.base_url.removeprefix("http") + "/v1/realtime?intent=transcription"
    async with asyncio.timeout(CONNECT_S):
        _, listener = await ws_connect(
            lambda: RealtimeSocket(received),
            url,
            websocket_handshake_timeout=CONNECT_S,
            enable_auto_ping=True,
            max_frame_size=MAX_MESSAGE_BYTES,
            extra_headers=bearer(key_for(endpoint, roles.STT)),
            max_redirects=0,
        )
    assert isinstance(listener, RealtimeSocket)
    return listener
