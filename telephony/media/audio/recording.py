"""Both sides of a call on its true timeline, in memory until the end. Pure."""

from telephony.carriers.wire import BYTES_PER_MS
from telephony.media.audio.mulaw import MULAW_SILENCE, stereo_wav

MAX_GAP_MS = 10_000  # a carrier's timestamp further off than this is not believed


class RecordingBuffer:
    """The audio of a call so far: left the caller, right the agent.

    At most `max_seconds` of each: what comes later is left out.
    """

    def __init__(self, *, max_seconds: int) -> None:
        self._limit = max_seconds * 1000 * BYTES_PER_MS
        self._left = bytearray()
        self._right = bytearray()

    @property
    def seconds(self) -> float:
        """How long it is."""
        return max(len(self._left), len(self._right)) / (1000 * BYTES_PER_MS)

    def caller(self, mulaw: bytes, *, at_ms: float) -> None:
        """The caller's audio at the carrier's time.

        A gap is filled with silence, time that goes back is not.
        """
        _place(self._left, mulaw, at_ms, self._limit, MAX_GAP_MS)

    def agent(self, mulaw: bytes, *, at_ms: float) -> None:
        """The agent's audio where it is played; never earlier than what was placed before."""
        _place(self._right, mulaw, at_ms, self._limit, self._limit)

    def cut(self, at_ms: float) -> None:
        """The carrier's buffer was cleared: nothing of the agent after this was heard."""
        del self._right[max(0, int(at_ms)) * BYTES_PER_MS :]

    def wav(self) -> bytes:
        """Stereo, 8 kHz, 16 bit. Takes milliseconds a minute: call it off the audio path."""
        return stereo_wav(bytes(self._left), bytes(self._right))


def _place(side: bytearray, mulaw: bytes, at_ms: float, limit: int, max_gap_ms: int) -> None:
    start = int(at_ms) * BYTES_PER_MS
    gap = start - len(side)
    # Under 40 ms it is jitter of the clocks, not silence.
    if 40 * BYTES_PER_MS < gap <= max_gap_ms * BYTES_PER_MS:
        side += MULAW_SILENCE * min(gap, limit - len(side))
    room = limit - len(side)
    if room > 0:
        side += mulaw[:room]
