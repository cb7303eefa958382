"""Which words of a growing hypothesis may be shown already: a delta cannot be taken back.

The turn's final text is searched once more over the whole turn and stands where it differs.
"""

from dataclasses import dataclass, field
from typing import Final

from programs.speech_server.audio import TELEPHONE_HZ

EVERY_SAMPLES: Final = TELEPHONE_HZ * 240 // 1000
_OPEN_WORDS: Final = 2  # the last words still change with what follows


@dataclass(slots=True)
class Settled:
    """Words that two looks in a row agree on, but for the last two."""

    _shown: int = 0
    _last: list[str] = field(default_factory=list)
    _looked_at: int = 0

    def due(self, heard_samples: int) -> bool:
        """Whether enough was heard since the last look."""
        if heard_samples - self._looked_at < EVERY_SAMPLES:
            return False
        self._looked_at = heard_samples
        return True

    def more(self, hypothesis: str) -> str:
        """The words that became settled by this look, each followed by a space;
        they are given once.
        """
        words = hypothesis.split()
        agreed = 0
        while agreed < min(len(words), len(self._last)) and words[agreed] == self._last[agreed]:
            agreed += 1
        self._last = words
        until = min(agreed, len(words) - _OPEN_WORDS)
        fresh = words[self._shown : until]
        self._shown += len(fresh)
        return "".join(f"{word} " for word in fresh)
