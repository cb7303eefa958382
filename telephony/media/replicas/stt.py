"""Speech to text over one realtime socket a call; a dead replica's turn is replayed to another."""

import asyncio
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
import structlog
from picows import WSError

from telephony.carriers.wire import BYTES_PER_MS
from telephony.media.replicas import realtime_socket
from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.replicas.failover_ladder import FailoverLadder
from telephony.media.replicas.http import why
from telephony.media.replicas.realtime_socket import Logprob, RealtimeError, RealtimeSocket
from warmline.kernel import roles
from warmline.kernel.call import CallPlan

log = structlog.get_logger()

DOUBTFUL: Final = 0.4
FINAL_S: Final = 4.0
# Of a pool that answers late as a whole: asking its other replica anew doubles what it has to do.
LONGEST_S: Final = 10.0
LATE_S: Final = 1.5
MAX_SEGMENT_BYTES: Final = 60_000 * BYTES_PER_MS
MAX_HEARD_AGAIN_BYTES: Final = 20_000 * BYTES_PER_MS
# six frames: a system call each was a tenth of a call's cost
BATCH_BYTES: Final = 120 * BYTES_PER_MS
FIRST_PAUSE_S: Final = 0.5
MAX_REASON_CHARS: Final = 200
MAX_PAUSE_S: Final = 5.0
MOVES_ON: Final = "it drains, and another has room"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard, and how sure the replica is of it: from 0 to 1, None where it does not say.

    Whisper gives 0.8 to 0.95 for clear speech, under 0.4 for words that it makes of noise.
    """

    text: str
    confidence: float | None = None

    @property
    def doubtful(self) -> bool:
        """It may be words that were made of noise."""
        return self.confidence is not None and self.confidence < DOUBTFUL


@dataclass(slots=True)
class Segment:
    """A stretch of speech: its audio is kept until its text is there. Or of keys, without audio."""

    heard: asyncio.Future[Transcript]
    keyed: bool = False
    audio: bytearray = field(default_factory=bytearray)
    sent: int = 0
    committed: bool = False
    committed_s: float = 0.0  # on the loop's clock
    void: bool = False  # heard again with what followed: nobody waits for its text
    replays: int = 0


class SttStream:
    """Speech in, text out. `push` and `commit` never wait; `run` keeps the socket up."""

    def __init__(self, plan: CallPlan, ladder: FailoverLadder) -> None:
        self._plan = plan
        self._ladder = ladder
        self._segments: deque[Segment] = deque()
        self._turn: list[Segment] = []  # whose texts together are the turn
        self._socket: RealtimeSocket | None = None
        self._late: asyncio.TimerHandle | None = None
        self._endpoint: Endpoint | None = None

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
        segment.committed, segment.committed_s = True, asyncio.get_running_loop().time()
        self._send_audio(segment)
        if self._socket is not None:
            self._socket.commit()
            self._expect_text()

    def resume(self) -> None:
        """The speech that had paused goes on: what was said so far is heard again with it, as one
        piece.

        A recogniser guesses wrongly where a sentence is cut for it, and it decodes faster than
        people speak.
        """
        # Keys stand between what was said before them and after.
        since = max((n for n, segment in enumerate(self._turn, 1) if segment.keyed), default=0)
        before = [segment for segment in self._turn[since:] if segment.committed]
        if not before or sum(len(segment.audio) for segment in before) > MAX_HEARD_AGAIN_BYTES:
            return
        for segment in before:
            segment.void = True
        del self._turn[since:]
        self.push(b"".join([bytes(segment.audio) for segment in before]))

    def expect_keys(self) -> None:
        """Keys are being pressed: they will stand after what was said so far."""
        self.commit()
        self._turn.append(Segment(asyncio.get_running_loop().create_future(), keyed=True))

    def keyed(self, keys: str) -> None:
        """These were the keys."""
        for segment in self._turn:
            if segment.keyed and not segment.heard.done():
                segment.committed = True
                segment.heard.set_result(Transcript(keys))

    async def text(self) -> str:
        """The turn's words so far; `EveryRungFailed` when no replica could hear them."""
        return (await self.transcript()).text

    async def transcript(self) -> Transcript:
        """The turn's words so far, as sure as the least sure of its stretches.

        `EveryRungFailed` when no replica could hear them.
        """
        stretches = [await asyncio.shield(segment.heard) for segment in tuple(self._turn)]
        said = [stretch for stretch in stretches if stretch.text]
        given = [stretch.confidence for stretch in said if stretch.confidence is not None]
        return Transcript(" ".join(stretch.text for stretch in said), min(given, default=None))

    def new_turn(self) -> None:
        """The turn's words were taken; what comes next belongs to another one."""
        self._turn = [
            segment for segment in self._turn if not segment.committed and not segment.heard.done()
        ]
        if not self._segments and self._ladder.should_move(roles.STT):
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
            event = realtime_socket.decode_event(message)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._drop("not a realtime event")
            return
        if event.type == realtime_socket.TEXT_IS_THERE:
            if self._segments and self._segments[0].committed:
                segment = self._segments.popleft()
                self._waited(segment)
                if not segment.heard.done():
                    words = " ".join(event.transcript.split())
                    segment.heard.set_result(Transcript(words, _confidence(event.logprobs)))
            self._expect_text()
        elif event.type == realtime_socket.TEXT_FAILED:
            self._drop("transcription failed")
        elif event.type == "error":
            self._refused(event.error or realtime_socket.RealtimeError())

    def _refused(self, error: RealtimeError) -> None:
        """Without a session of our format nothing is heard; a vocabulary may be missing."""
        if error.event_id == realtime_socket.SESSION:
            self._drop(f"no such session: {error.message or 'refused'}"[:MAX_REASON_CHARS])
            return
        log.warning("hear replica sent an error", call=self._plan.call_id, about=error.event_id)

    def _expect_text(self) -> None:
        """A deadline for the oldest text that is owed."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if self._segments and self._segments[0].committed and self._socket is not None:
            self._late = asyncio.get_running_loop().call_later(FINAL_S, self._is_late)

    def _is_late(self) -> None:
        """A text is late: ask another replica, unless all of them answer late."""
        if self._endpoint is None or not self._segments:
            return
        waited_s = asyncio.get_running_loop().time() - self._segments[0].committed_s
        waits = self._ladder.waits
        waits.owed(roles.STT, self._endpoint, waited_s)
        if waited_s < LONGEST_S and waits.answers_late(roles.STT, self._endpoint, over_s=LATE_S):
            self._expect_text()
        else:
            self._drop("too slow")

    def _waited(self, segment: Segment) -> None:
        if self._endpoint is not None and not segment.replays:
            waited_s = asyncio.get_running_loop().time() - segment.committed_s
            self._ladder.waits.came(roles.STT, self._endpoint, waited_s)

    def _drop(self, because: str) -> None:
        """Drop the connection: `run` takes another replica."""
        if self._socket is not None:
            self._socket.drop(because)

    # ---- the connection --------------------------------------------------------------------------

    async def run(self) -> None:
        """Stay connected until cancelled.

        Give up the turn's text when no replica is left, and try again later.
        """
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                endpoint = self._ladder.endpoint(roles.STT)
            except EveryRungFailed as error:
                self._give_up(error)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, MAX_PAUSE_S)
                self._ladder.forget_failures(roles.STT)
                continue
            because = await self._serve(endpoint)
            if because == MOVES_ON:
                continue
            self._ladder.failed(roles.STT, endpoint, because)
            self._count_replays()

    async def _serve(self, endpoint: Endpoint) -> str:
        """One connection from its opening to its end; why it ended."""
        try:
            socket = await realtime_socket.connect(endpoint, self.received)
        except (WSError, TimeoutError, OSError) as error:
            return why(error)
        try:
            socket.configure(self._plan, endpoint)
            self._socket, self._endpoint = socket, endpoint
            self._replay(socket)
            await socket.transport.wait_disconnected()
        finally:
            self._socket = None
            self._expect_text()
            socket.transport.disconnect()
        return socket.because or "the connection closed"

    def _replay(self, socket: RealtimeSocket) -> None:
        """A new replica gets everything whose text is still owed."""
        self._segments = deque(segment for segment in self._segments if not segment.void)
        for segment in self._segments:
            for start in range(0, len(segment.audio), 100 * BATCH_BYTES):
                socket.append(bytes(segment.audio[start : start + 100 * BATCH_BYTES]))
            segment.sent = len(segment.audio)
            if segment.committed:
                socket.commit()
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

    def _give_up(self, error: EveryRungFailed) -> None:
        for segment in self._segments:
            if not segment.heard.done():
                segment.heard.set_exception(error)
                # looked at: a turn that nobody asks for any more is no loud failure
                segment.heard.exception()
        self._segments.clear()


def _confidence(logprobs: Sequence[Logprob] | None) -> float | None:
    """The geometric mean of the pieces' probabilities."""
    if not logprobs:
        return None
    mean = sum(piece.logprob for piece in logprobs) / len(logprobs)
    return math.exp(min(0.0, mean)) if math.isfinite(mean) else None
