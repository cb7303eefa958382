"""Words of danger, and the wish for a person, recognised by rule in what a caller said.

A phrase is words as ears write them, without signs: `a|b` are alternatives, `word*` any ending,
`..` up to four words between, `?` after a word that may be missing, `{slot}` one of a named list,
`^` and `$` where a clause begins and ends. A match counts unless the same clause denies it:
"there's no fire, just a leak".

The phrases are data, by kind and language: `urgent.txt` here holds everywhere, a vertical's own
one beside its tools adds to it. A clause that has a phrase of an `unless` section in it is about
something else.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

Urgency = Literal["danger", "person"]
_CLAUSE: Final = re.compile(
    r"[.,;:!?¿¡…]+|\b(?:but|just|only|pero|solo|mais|juste|aber|nur|sondern)\b"
)
_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_SLOT: Final = re.compile(r"\{(\w+)\}")
_DENYING: Final = (
    "no not without never nothing isnt arent wasnt dont doesnt didnt havent hasnt wont nobody "
    "neither sin nunca nadie ni pas sans jamais aucun aucune kein keine keinen nicht ohne nie"
)
_DENIALS: Final = frozenset(_DENYING.split())
_DENIED_WITHIN: Final = 4  # words before a match
_GAP: Final = rf"(?:(?!(?:{'|'.join(sorted(_DENIALS))}) )\S+ ){{0,4}}?"
_SIGNS: Final = {"..": _GAP, "^": r"\A", "$": r"\Z"}


def urgency(text: str, *, vertical: str, language: str = "en") -> Urgency | None:
    """What the caller needs at once: help in a danger, or a person; None for anything else."""
    clauses = _clauses(text)
    languages = dict.fromkeys((language[:2].casefold(), "en"))
    kinds: tuple[Urgency, ...] = ("danger", "person")
    for kind in kinds:
        for code in languages:
            matcher = _matcher(kind, vertical, code)
            if matcher is not None and any(matcher.matches(clause) for clause in clauses):
                return kind
    return None


@dataclass(frozen=True, slots=True)
class _Matcher:
    phrase: re.Pattern[str]
    unless: re.Pattern[str] | None

    def matches(self, clause: str) -> bool:
        if self.unless is not None and self.unless.search(clause):
            return False
        return any(not _is_denied(clause, match) for match in self.phrase.finditer(clause))


def _is_denied(clause: str, match: re.Match[str]) -> bool:
    """Whether a denial stands before the match that is no part of it ("cannot breathe")."""
    before = clause[: match.start()].split()[-_DENIED_WITHIN:]
    return any(word in _DENIALS for word in before)


def _clauses(text: str) -> list[str]:
    """The clauses as words between single spaces, without accents, signs and capitals."""
    parts = _CLAUSE.split(text.casefold().replace("’", "'").replace("'s ", " is "))
    return [f"{' '.join(_plain(part).split())} " for part in parts if part.strip()]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("'", ""))
    letters = (sign for sign in decomposed if not unicodedata.combining(sign))
    return re.sub(r"[^\w\s]|_", " ", "".join(letters))


@lru_cache(maxsize=256)
def _matcher(kind: Urgency, vertical: str, language: str) -> _Matcher | None:
    """What holds everywhere with what the vertical adds; None in a language of neither."""
    folders = [Path(__file__).parent]
    if _SLUG.fullmatch(vertical):
        folders.append(Path(__file__).parent / vertical)
    sections = [_sections(folder / "urgent.txt") for folder in folders]
    phrases = [lines for of in sections for lines in of.get(f"{kind} {language}", ())]
    unless = [lines for of in sections for lines in of.get(f"{kind} {language} unless", ())]
    if not phrases:
        return None
    return _Matcher(_any_of(phrases), _any_of(unless) if unless else None)


@lru_cache(maxsize=64)
def _sections(file: Path) -> Mapping[str, Sequence[str]]:
    """A file's patterns by the names in its brackets; none where a vertical has no such file."""
    if not file.is_file():
        return {}
    found: dict[str, list[str]] = {}
    slots: dict[str, str] = {}
    name = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif " = " in line:
            slot, _, words = line.partition(" = ")
            slots[slot] = words
        elif line and not line.startswith("#"):
            found.setdefault(name, []).append(_compiled(line, slots))
    return found


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def _compiled(phrase: str, slots: Mapping[str, str]) -> str:
    return rf"\b{''.join(_part(word, slots) for word in phrase.split())}"


def _part(word: str, slots: Mapping[str, str]) -> str:
    if word in _SIGNS:
        return _SIGNS[word]
    optional = word.endswith("?")
    word = word.removesuffix("?")
    word = _SLOT.sub(lambda slot: slots[slot[1]], word)
    choices = "|".join(choice.replace("_", " ").replace("*", r"\w*") for choice in word.split("|"))
    return rf"(?:(?:{choices}) )" + ("?" if optional else "")
