"""Which words of a growing hypothesis may be sent already: a delta cannot be taken back.

The turn's transcript is decoded once more over the whole turn and stands where it differs.
"""

from dataclasses import dataclass, field
from typing import Final

from programs.speech_server.audio import TELEPHONE_HZ

EVERY_SAMPLES: Final = TELEPHONE_HZ * 240 // 1000
_UNSTABLE_WORDS: Final = 2  # the last words still change with what follows


@dataclass(slots=True)
class PartialTranscript:
    """A turn's stable words: those that two hypotheses in a row share, but for the last two."""

    _sent: int = 0
    _last: list[str] = field(default_factory=list)
    _checked_at: int = 0

    def due(self, decoded_samples: int) -> bool:
        """Whether enough was decoded since the last hypothesis."""
        if decoded_samples - self._checked_at < EVERY_SAMPLES:
            return False
        self._checked_at = decoded_samples
        return True

    def newly_stable(self, hypothesis: str) -> str:
        """The words that this hypothesis makes stable, once, each followed by a space."""
        words = hypothesis.split()
        agreed = 0
        while agreed < min(len(words), len(self._last)) and words[agreed] == self._last[agreed]:
            agreed += 1
        self._last = words
        until = min(agreed, len(words) - _UNSTABLE_WORDS)
        new = words[self._sent : until]
        self._sent += len(new)
        return "".join(f"{word} " for word in new)
