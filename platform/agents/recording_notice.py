"""What an agent says first where its company has calls announced as recorded. Pure."""

from collections.abc import Mapping
from typing import Final

from verticals.spoken.languages import language_of

_NOTICES: Final[Mapping[str, str]] = {
    "en": "This call is recorded.",
    "es": "Esta llamada se graba.",
    "fr": "Cet appel est enregistré.",
    "de": "Dieses Gespräch wird aufgezeichnet.",
}


def announced(greeting: str, *, language: str) -> str:
    """The greeting after the notice, in the agent's language; a company's own words go into it."""
    known = language_of(language)
    notice = _NOTICES.get(known.code if known else "", _NOTICES["en"])
    return f"{notice} {greeting}".strip()
