"""One side of a recording whose frames the carrier sent: each at its place, once. Pure."""

from typing import Final

from telephony.carriers.wire import BYTES_PER_MS
from telephony.media.audio.mulaw import MULAW_SILENCE

# Within this the carrier's milliseconds are rounding, not a gap.
_ROUNDING: Final = 10 * BYTES_PER_MS
# Without timestamps, what came this much late is jitter: only more is a gap.
_JITTER: Final = 60 * BYTES_PER_MS
_AHEAD: Final = 2000 * BYTES_PER_MS  # nobody's audio comes long before it is spoken


class RecordedTrack:
    """µ-law bytes since the stream's first frame, `limit` at most."""

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._audio = bytearray()
        self._gap_at = self._gap = 0  # the last silence put in for a frame without a timestamp

    def __len__(self) -> int:
        return len(self._audio)

    @property
    def audio(self) -> bytes:
        """All of it; what never came is silence."""
        return bytes(self._audio)

    def place(self, mulaw: bytes, *, at_ms: float | None, now_ms: float) -> None:
        """Put a frame at its position; `at_ms` is None where the carrier did not say it.

        A copy of what is there changes nothing, what was missing is filled in. `now_ms` is the
        position of now.
        """
        end = len(self._audio)
        start = -1 if at_ms is None else int(at_ms) * BYTES_PER_MS
        if abs(start - end) <= _ROUNDING:
            self._append(mulaw)
        elif start > end:
            self._fill(start - end)
            self._append(mulaw)
        elif start >= 0 and start + len(mulaw) > end:
            self._audio[start:] = mulaw
            del self._audio[self._limit :]
        elif start < 0 or not self._fill_in(mulaw, start):
            self._place_by_arrival(mulaw, int(now_ms) * BYTES_PER_MS)

    def _fill_in(self, mulaw: bytes, start: int) -> bool:
        """Whether the frame is there already, or fits where nothing came."""
        end = start + len(mulaw)
        kept = self._audio[start:end]
        if kept == mulaw:
            return True
        if kept.count(MULAW_SILENCE) != len(kept):
            return False
        self._audio[start:end] = mulaw
        return True

    def _place_by_arrival(self, mulaw: bytes, now: int) -> None:
        """After the last frame, or where it came if that was much later.

        A burst after a stall shows that the silence was none: it gives way.
        """
        missing = now - len(mulaw) - len(self._audio)
        if missing > _JITTER:
            self._gap_at, self._gap = len(self._audio), missing
            self._fill(missing)
        elif missing < -_AHEAD:
            return
        self._append(mulaw)
        surplus = min(self._gap, len(self._audio) - now - _JITTER)
        if surplus > 0:
            del self._audio[self._gap_at : self._gap_at + surplus]
            self._gap -= surplus

    def _fill(self, size: int) -> None:
        self._append(MULAW_SILENCE * min(size, self._limit - len(self._audio)))

    def _append(self, mulaw: bytes) -> None:
        self._audio += mulaw[: max(0, self._limit - len(self._audio))]
