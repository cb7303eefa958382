"""Keys that a caller presses, collected into what they say: "4545#" is a reference. Pure.

An entry ends with `#`, with a pause or when it is as long as any; `*` begins it anew. Which keys
they are is told to nobody but the conversation: they may be a card's.
"""

from typing import Final

KEYS: Final = frozenset("0123456789*#")
PAUSE_MS: Final = 2000  # of the audio's own time; who reads a number off a letter looks up and down
MAX_KEYS: Final = 20  # the longest that is keyed in is a card's number, of 19
MAX_KEYS_OF_CALL: Final = 200


def told(key: str) -> str:
    """What is told of a key in the call's events: that it was one, not which digit."""
    return key if key in {"*", "#"} else ""


class KeyEntry:
    """The keys of one call; `pending` while an entry has begun and not ended."""

    def __init__(self) -> None:
        self.pending = False
        self._keys = ""
        self._quiet_ms = 0
        self._pressed = 0

    def takes(self, key: str) -> bool:
        """Whether it is a key of a telephone, and not one too many of this call; it is counted."""
        self._pressed += 1
        return key in KEYS and self._pressed <= MAX_KEYS_OF_CALL

    def press(self, key: str) -> bool:
        """Take a key; whether the entry ends with it. `#` or `*` alone begin none."""
        self._quiet_ms = 0
        if key == "#":
            return self.pending
        if key == "*":
            self._keys = ""
            return False
        self.pending = True
        self._keys += key
        return len(self._keys) >= MAX_KEYS

    def wait(self, ms: int) -> bool:
        """So much time has passed without a key; whether the entry ends with it."""
        self._quiet_ms += ms
        return self.pending and self._quiet_ms >= PAUSE_MS

    def take(self) -> str:
        """The entry, which is over: its digits, or nothing when they were taken back."""
        keys, self._keys, self.pending = self._keys, "", False
        return keys
