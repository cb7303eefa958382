"""A carrier's time: where on a stream's own timeline its audio and its marks belong. Pure.

Our clock sees messages late, by jitter or a stall; the carrier's timestamps say when their audio
was. A mark bears no timestamp, but messages come in order: it belongs between the frames that came
before and after it. Positions are milliseconds since the stream's first frame.
"""

from dataclasses import dataclass
from typing import Final

MAX_LATE_MS: Final = 10_000  # a stall that lasts longer ends the call
MAX_EARLY_MS: Final = 2_000  # the first message of a stream may itself have been late
# Two machines' clocks drift apart by some seconds a day; a stamp that runs faster is wrong.
DRIFT: Final = 0.001
DOUBTS: Final = 10  # so many frames in a row, 200 ms, are no slip: the carrier counts anew


@dataclass(slots=True)
class StreamMoment:
    """When a message without a timestamp came: between two frames, by our clock as well."""

    now_ms: float
    after_ms: float
    before_ms: float | None = None

    def position_ms(self, offset_ms: float) -> float:
        """Where it belongs on the stream's timeline, which began at `offset_ms` of our clock."""
        position = max(self.now_ms - offset_ms, self.after_ms)
        return position if self.before_ms is None else min(position, self.before_ms)


class CarrierClock:
    """Reads a stream's timestamps against our clock; what cannot be true is not believed."""

    def __init__(self) -> None:
        self._first: int | None = None  # the timestamp of position 0
        self._offset_ms: float | None = None
        self._began_ms = 0.0  # of our clock, by the first message alone
        self._end_ms = 0.0
        self._doubts = 0
        self._open: list[StreamMoment] = []  # moments that no frame has followed yet

    @property
    def offset_ms(self) -> float:
        """Our clock's time of position 0, by the message that was under way the shortest."""
        return self._offset_ms or 0.0

    def place(self, timestamp_ms: int | None, *, length_ms: float, now_ms: float) -> float | None:
        """Where a frame belongs that came now; None where its timestamp says nothing."""
        if self._offset_ms is None:
            self._offset_ms = self._began_ms = now_ms - length_ms
        position = self._believed(timestamp_ms, length_ms, now_ms)
        end = self.now_at(now_ms) if position is None else position + length_ms
        self._end_ms = max(self._end_ms, end)
        for moment in self._open:
            moment.before_ms = self._end_ms
        self._open.clear()
        return position

    def now_at(self, now_ms: float) -> float:
        """The position that our clock takes for now."""
        return now_ms - self.offset_ms

    def moment(self, now_ms: float) -> StreamMoment:
        """A message without a timestamp came now."""
        moment = StreamMoment(now_ms, self._end_ms)
        self._open.append(moment)
        return moment

    def _believed(self, timestamp_ms: int | None, length_ms: float, now_ms: float) -> float | None:
        if timestamp_ms is None:
            return None
        now_at = self.now_at(now_ms)
        if self._first is None:
            self._first = timestamp_ms - round(now_at - length_ms)
        position = timestamp_ms - self._first
        late_ms = int(now_at - length_ms) - position
        if self._soonest(now_ms) <= late_ms <= MAX_LATE_MS:
            self._doubts = 0
            self._offset_ms = self.offset_ms + min(0.0, now_at - length_ms - position)
            return float(position)
        self._doubts += 1
        if self._doubts >= DOUBTS:
            self._first = None
        return None

    def _soonest(self, now_ms: float) -> int:
        """How early a frame may come, at the most, against the fastest one so far."""
        elapsed_ms = now_ms - self._began_ms
        return int(self._began_ms - self.offset_ms - MAX_EARLY_MS - elapsed_ms * DRIFT)
