"""Cuts a stream of words into sentences as early as they can be spoken. Pure."""

import re
from typing import Final

# a sentence without an end is cut at a comma or a space, so that it is spoken at all
_MAX_CHARS: Final = 240

_END: Final = re.compile(r"[.!?…]+[\"')\]]*(?=\s)|\n+")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|no|vs|etc|e\.g|i\.e|a\.m|p\.m)|\b[a-z])\.$", re.IGNORECASE
)
_PAUSE: Final = re.compile(r"[,;:]\s")


class SentenceCutter:
    """Feed it pieces; it gives whole sentences. `finish` gives what is left."""

    __slots__ = ("_rest", "_seen")

    def __init__(self) -> None:
        self._rest = ""
        self._seen = 0

    def feed(self, piece: str) -> list[str]:
        """The sentences that are whole with this piece. An end counts once something follows it."""
        self._rest += piece
        sentences: list[str] = []
        while (sentence := self._next()) is not None:
            sentences.append(sentence)
        return sentences

    def finish(self) -> list[str]:
        """What is left, as sentences."""
        sentences = self.feed("\n")
        self._rest = ""
        return sentences

    def _next(self) -> str | None:
        for end in _END.finditer(self._rest, self._seen):
            head = self._rest[: end.end()]
            if _ABBREVIATION.search(head.rstrip()) and end.group(0).startswith("."):
                continue
            self._rest, self._seen = self._rest[end.end() :], 0
            sentence = " ".join(head.split())
            if any(c.isalnum() for c in sentence):
                return sentence
            return self._next()
        self._seen = max(0, len(self._rest) - 4)
        return self._too_long()

    def _too_long(self) -> str | None:
        if len(self._rest) <= _MAX_CHARS:
            return None
        pauses = [pause.end() for pause in _PAUSE.finditer(self._rest, 40, _MAX_CHARS)]
        at = pauses[-1] if pauses else self._rest.rfind(" ", 1, _MAX_CHARS)
        at = at if at > 0 else _MAX_CHARS
        head, self._rest, self._seen = self._rest[:at], self._rest[at:], 0
        return " ".join(head.split()) or None
