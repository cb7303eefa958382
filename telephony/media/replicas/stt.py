"""SttStream: one realtime transcription socket a call, moved to another replica with the turn's
audio if one dies.

The protocol is OpenAI's realtime transcription (session.update, input_audio_buffer.append and
commit, conversation.item.input_audio_transcription.completed), with turn detection left to us.
"""

import asyncio
from binascii import b2a_base64
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import structlog
from picows import WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from inference.fleet.credentials import bearer
from telephony.media.audio.sockets import Assembler
from telephony.media.audio.wire import BYTES_PER_MS
from telephony.media.replicas.http import key_for, why
from telephony.media.replicas.ladder import Endpoint, EveryRungFailed, Ladder
from warmline.kernel import roles
from warmline.kernel.call import CallPlan

log = structlog.get_logger()

CONNECT_S: Final = 2.0
FINAL_S: Final = 4.0
MAX_SEGMENT_BYTES: Final = 60_000 * BYTES_PER_MS
MAX_HEARD_AGAIN_BYTES: Final = 20_000 * BYTES_PER_MS
# six frames: a system call each was a tenth of a call's cost
BATCH_BYTES: Final = 120 * BYTES_PER_MS
MAX_MESSAGE_BYTES: Final = 256 * 1024
FIRST_PAUSE_S: Final = 0.5
MAX_PAUSE_S: Final = 5.0
MOVES_ON: Final = "it drains, and another has room"

_COMMIT: Final = b'{"type":"input_audio_buffer.commit"}'


class _ServerEvent(msgspec.Struct):
    type: str = ""
    transcript: str = ""


_decode = msgspec.json.Decoder(_ServerEvent).decode


@dataclass(slots=True)
class Segment:
    """A stretch of speech: its audio is kept until its text is there."""

    text: asyncio.Future[str]
    audio: bytearray = field(default_factory=bytearray)
    sent: int = 0
    committed: bool = False
    void: bool = False  # heard again with what followed: nobody waits for its text
    replays: int = 0


class SttStream:
    """Speech in, text out. `push` and `commit` never wait; `run` keeps the socket up."""

    def __init__(self, plan: CallPlan, ladder: Ladder) -> None:
        self._plan = plan
        self._ladder = ladder
        self._segments: deque[Segment] = deque()
        self._turn: list[Segment] = []  # whose texts together are the turn
        self._socket: _Socket | None = None
        self._late: asyncio.TimerHandle | None = None

    # ---- the audio path --------------------------------------------------------------------------

    def push(self, mulaw: bytes) -> None:
        """More of the speech that is going on."""
        segment = self._open_segment()
        segment.audio += mulaw
        if len(segment.audio) - segment.sent >= BATCH_BYTES:
            self._send_audio(segment)
        if len(segment.audio) >= MAX_SEGMENT_BYTES:
            self.commit()

    def commit(self) -> None:
        """The speech pauses: its text is wanted now."""
        segment = self._segments[-1] if self._segments else None
        if segment is None or segment.committed:
            return
        segment.committed = True
        self._send_audio(segment)
        if self._socket is not None:
            self._socket.send(_COMMIT)
            self._expect_text()

    def go_on(self) -> None:
        """The speech that had paused goes on: what was said so far is heard again with it, as one
        piece.

        A recogniser guesses wrongly where a sentence is cut for it, and it decodes faster than
        people speak.
        """
        before = [segment for segment in self._turn if segment.committed]
        if not before or sum(len(segment.audio) for segment in before) > MAX_HEARD_AGAIN_BYTES:
            return
        for segment in before:
            segment.void = True
        self._turn.clear()
        self.push(b"".join([bytes(segment.audio) for segment in before]))

    async def text(self) -> str:
        """The turn's words so far; `EveryRungFailed` when nobody could hear them."""
        said = [await asyncio.shield(segment.text) for segment in tuple(self._turn)]
        return " ".join(piece for piece in said if piece)

    def new_turn(self) -> None:
        """The turn's words were taken; what comes next belongs to another one."""
        self._turn = [segment for segment in self._segments if not segment.committed]
        if not self._segments and self._ladder.is_left(roles.STT):
            self._drop(MOVES_ON)

    def _open_segment(self) -> Segment:
        if not self._segments or self._segments[-1].committed:
            segment = Segment(asyncio.get_running_loop().create_future())
            self._segments.append(segment)
            self._turn.append(segment)
        return self._segments[-1]

    def _send_audio(self, segment: Segment) -> None:
        if self._socket is None:
            return
        piece = bytes(segment.audio[segment.sent :])
        segment.sent = len(segment.audio)
        if piece:
            self._socket.append(piece)

    # ---- what comes back -------------------------------------------------------------------------

    def received(self, message: bytes) -> None:
        """One message of the replica."""
        try:
            event = _decode(message)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._drop("not a realtime event")
            return
        if event.type == "conversation.item.input_audio_transcription.completed":
            if self._segments and self._segments[0].committed:
                segment = self._segments.popleft()
                if not segment.text.done():
                    segment.text.set_result(" ".join(event.transcript.split()))
            self._expect_text()
        elif event.type == "conversation.item.input_audio_transcription.failed":
            self._drop("transcription failed")
        elif event.type == "error":
            # It may concern a message of little weight, such as a vocabulary; if it does not, the
            # text is late.
            log.warning("hear replica sent an error", call=self._plan.call_id)

    def _expect_text(self) -> None:
        """A deadline for the oldest text that is owed."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if self._segments and self._segments[0].committed and self._socket is not None:
            self._late = asyncio.get_running_loop().call_later(FINAL_S, self._drop, "too slow")

    def _drop(self, because: str) -> None:
        """This replica will not do: `run` takes another."""
        if self._socket is not None:
            self._socket.drop(because)

    # ---- the connection --------------------------------------------------------------------------

    async def run(self) -> None:
        """Stay connected until cancelled;
        give up the turn's text when no replica is left, and try again later.
        """
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                endpoint = self._ladder.endpoint(roles.STT)
            except EveryRungFailed as none_left:
                self._give_up(none_left)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, MAX_PAUSE_S)
                self._ladder.forgive(roles.STT)
                continue
            because = await self._serve(endpoint)
            if because == MOVES_ON:
                continue
            self._ladder.failed(roles.STT, endpoint, because)
            self._count_replays()

    async def _serve(self, endpoint: Endpoint) -> str:
        """One connection from its opening to its end; why it ended."""
        try:
            socket = await self._connect(endpoint)
        except (WSError, TimeoutError, OSError) as wrong:
            return why(wrong)
        try:
            socket.send(self._session(endpoint))
            self._socket = socket
            self._replay(socket)
            await socket.transport.wait_disconnected()
        finally:
            self._socket = None
            self._expect_text()
            socket.transport.disconnect()
        return socket.because or "the connection closed"

    async def _connect(self, endpoint: Endpoint) -> "_Socket":
        url = "ws" + endpoint.base_url.removeprefix("http") + "/v1/realtime?intent=transcription"
        async with asyncio.timeout(CONNECT_S):
            _, listener = await ws_connect(
                lambda: _Socket(self),
                url,
                websocket_handshake_timeout=CONNECT_S,
                enable_auto_ping=True,
                max_frame_size=MAX_MESSAGE_BYTES,
                extra_headers=bearer(key_for(endpoint, roles.STT)),
                max_redirects=0,
            )
        assert isinstance(listener, _Socket)
        return listener

    def _session(self, endpoint: Endpoint) -> bytes:
        transcription: dict[str, Any] = {
            "model": endpoint.model,
            "language": self._plan.agent.language.split("-")[0],
        }
        if self._plan.agent.vocabulary:
            transcription["prompt"] = ", ".join(self._plan.agent.vocabulary)
        audio = {
            "input": {
                "format": {"type": "audio/pcmu"},
                "transcription": transcription,
                "turn_detection": None,
            }
        }
        session = {"type": "transcription", "audio": audio}
        return msgspec.json.encode({"type": "session.update", "session": session})

    def _replay(self, socket: "_Socket") -> None:
        """A new replica gets everything whose text is still owed."""
        self._segments = deque(segment for segment in self._segments if not segment.void)
        for segment in self._segments:
            for start in range(0, len(segment.audio), 100 * BATCH_BYTES):
                socket.append(bytes(segment.audio[start : start + 100 * BATCH_BYTES]))
            segment.sent = len(segment.audio)
            if segment.committed:
                socket.send(_COMMIT)
        self._expect_text()

    def _count_replays(self) -> None:
        if not self._segments or not self._segments[0].committed:
            return
        first = self._segments[0]
        first.replays += 1
        if first.replays >= self._ladder.attempts(roles.STT):
            self._give_up(
                EveryRungFailed(f"hear: {first.replays} replicas did not give the text of one turn")
            )

    def _give_up(self, because: EveryRungFailed) -> None:
        for segment in self._segments:
            if not segment.text.done():
                segment.text.set_exception(because)
                # looked at: a turn that nobody asks for any more is no loud failure
                segment.text.exception()
        self._segments.clear()


class _Socket(WSListener):
    """One connection to a replica."""

    def __init__(self, hearing: SttStream) -> None:
        self._hearing = hearing
        self._assembler = Assembler(MAX_MESSAGE_BYTES)
        self.transport: WSTransport
        self.because = ""

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type in {WSMsgType.TEXT, WSMsgType.CONTINUATION}:
            message = self._assembler.feed(frame)
            if message is not None:
                self._hearing.received(message)
        elif frame.msg_type is WSMsgType.CLOSE:
            self.because = self.because or f"closed with {frame.get_close_code()}"
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()

    def append(self, mulaw: bytes) -> None:
        """Audio as the protocol carries it."""
        self.send(
            b'{"type":"input_audio_buffer.append","audio":"'
            + b2a_base64(mulaw, newline=False)
            + b'"}'
        )

    def send(self, message: bytes) -> None:
        """One message; after the end it goes nowhere, and the segment is replayed elsewhere."""
        if not self.transport.is_disconnected:
            self.transport.send(WSMsgType.TEXT, message)

    def drop(self, because: str) -> None:
        """End it from our side."""
        self.because = because
        self.transport.disconnect()
