"""The agent's side of a recording: what the carrier really played, by its marks. Pure.

We know when we sent a sentence; the mark behind it says where on the carrier's timeline its last
sample was. The difference is the way there and back, and holds for sentences that were cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from telephony.carriers.wire import BYTES_PER_MS, FRAME_BYTES
from telephony.media.audio.carrier_clock import StreamMoment
from telephony.media.audio.mulaw import MULAW_SILENCE, duration_ms

MAX_LAG_MS: Final = 3_000.0  # a mark that is further off than this measures something else


@dataclass(slots=True)
class Clear:
    """The carrier's buffer was emptied; `moment` is when it returned a mark that it dropped."""

    now_ms: float
    moment: StreamMoment | None = None


@dataclass(slots=True)
class SentAudio:
    """What was sent before one mark: pieces with our clock's time, and what became of them."""

    pieces: list[tuple[float, bytes]] = field(default_factory=list)
    played: StreamMoment | None = None
    cut: Clear | None = None


class RecordedAgent:
    """Audio by its marks, `limit` bytes at most."""

    def __init__(self, *, limit: int) -> None:
        self._room = limit
        self._sent: dict[str, SentAudio] = {}
        self._round_trip_ms: float | None = None

    def sent(self, mark: str, mulaw: bytes, *, now_ms: float) -> None:
        """A piece of the sentence that ends with `mark` went out."""
        mulaw = mulaw[: self._room]
        self._room -= len(mulaw)
        self._sent.setdefault(mark, SentAudio()).pieces.append((now_ms, mulaw))

    def knows(self, mark: str) -> bool:
        """Whether the mark is ours, and is still to come."""
        sent = self._sent.get(mark)
        return sent is not None and sent.played is None

    def returned(self, mark: str, moment: StreamMoment) -> None:
        """The carrier returned a mark: its audio was played, or dropped by the last `clear`."""
        sent = self._sent[mark]
        if sent.cut is None:
            sent.played = moment
        else:
            sent.cut.moment = moment

    def cleared(self, now_ms: float) -> None:
        """The carrier's buffer is emptied: what has not been played is not heard."""
        clear = Clear(now_ms)
        for sent in self._sent.values():
            if sent.played is None and sent.cut is None:
                sent.cut = clear

    def round_trip(self, ms: float) -> None:
        """How long a message takes to the carrier's edge and back."""
        self._round_trip_ms = ms

    def audio(self, *, offset_ms: float, limit: int) -> bytes:
        """The side on the stream's timeline, which began at `offset_ms` of our clock."""
        side = bytearray()
        lag_ms = self._first_lag_ms(offset_ms)
        for sent in self._sent.values():
            placed = _laid_out(sent, offset_ms, free_ms=duration_ms(len(side)), lag_ms=lag_ms)
            lag_ms = placed.lag_ms
            for at_ms, mulaw in placed.pieces:
                _put(side, mulaw, at_ms, limit)
        return bytes(side)

    def _first_lag_ms(self, offset_ms: float) -> float:
        """The way there and back as far as it is known before a sentence was played whole."""
        if self._round_trip_ms is not None:
            return self._round_trip_ms
        for sent in self._sent.values():
            if sent.cut is not None and sent.cut.moment is not None:
                position = sent.cut.moment.position_ms(offset_ms)
                return min(max(0.0, position - (sent.cut.now_ms - offset_ms)), MAX_LAG_MS)
        return 0.0


@dataclass(frozen=True, slots=True)
class _Placed:
    pieces: Sequence[tuple[float, bytes]]
    lag_ms: float


def _laid_out(sent: SentAudio, offset_ms: float, *, free_ms: float, lag_ms: float) -> _Placed:
    """Each piece at its position: as it was sent, then moved so that it ends at its mark."""
    pieces: list[tuple[float, bytes]] = []
    at_ms = free_ms
    for sent_ms, mulaw in sent.pieces:
        at_ms = max(at_ms, sent_ms - offset_ms + lag_ms)
        pieces.append((at_ms, mulaw))
        at_ms += duration_ms(len(mulaw))
    if sent.cut is not None:
        return _Placed(_until(pieces, _cut_at(sent.cut, offset_ms, lag_ms)), lag_ms)
    if sent.played is None or not pieces:
        return _Placed(pieces, lag_ms)
    # The last frame is filled with silence before its mark.
    filled_ms = -sum(len(mulaw) for _, mulaw in pieces) % FRAME_BYTES / BYTES_PER_MS
    late_ms = sent.played.position_ms(offset_ms) - at_ms - filled_ms
    if abs(late_ms) > MAX_LAG_MS:
        return _Placed(pieces, lag_ms)
    if pieces[0][0] > free_ms:  # the line was idle: it tells how long the way is
        lag_ms = min(max(0.0, lag_ms + late_ms), MAX_LAG_MS)
    late_ms = max(late_ms, free_ms - pieces[0][0])
    return _Placed([(at_ms + late_ms, mulaw) for at_ms, mulaw in pieces], lag_ms)


def _cut_at(clear: Clear, offset_ms: float, lag_ms: float) -> float:
    if clear.moment is not None:
        return clear.moment.position_ms(offset_ms)
    return clear.now_ms - offset_ms + lag_ms


def _until(pieces: Sequence[tuple[float, bytes]], cut_ms: float) -> list[tuple[float, bytes]]:
    return [
        (at_ms, mulaw[: max(0, int(cut_ms - at_ms)) * BYTES_PER_MS])
        for at_ms, mulaw in pieces
        if at_ms < cut_ms
    ]


def _put(side: bytearray, mulaw: bytes, at_ms: float, limit: int) -> None:
    start = max(0, round(at_ms)) * BYTES_PER_MS
    gap = min(start, limit) - len(side)
    if gap > 0:
        side += MULAW_SILENCE * gap
    side += mulaw[: max(0, limit - len(side))]
