"""The voices that the platform's own speech server has, for whoever chooses one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from programs.speech_server.tts.voices import VOICES

_TITLES: Final[Mapping[str, str]] = {
    "en-us": "American, a man",
    "en-us-f": "American, a woman",
    "en-gb": "British, a man",
    "en-gb-f": "British, a woman",
    "en-us-annie": "American, Annie",
    "en-us-michael": "American, Michael",
}


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """A voice that an agent may have: its name, what people call it, the language it speaks."""

    name: str
    title: str
    language: str


def voices() -> tuple[VoiceLine, ...]:
    """Every voice, in the speech server's order."""
    lines: list[VoiceLine] = []
    for name in VOICES:
        language = language_of_voice(name) or ""
        lines.append(VoiceLine(name, _TITLES.get(name, name.title()), language))
    return tuple(lines)


def language_of_voice(name: str) -> str | None:
    """The language that a voice speaks, such as "en"; None for one that is not offered."""
    espeak_name = VOICES.get(name)
    return None if espeak_name is None else espeak_name[:2]
