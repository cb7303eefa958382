"""The voices that the platform's own speech server has, for whoever chooses one. Pure."""

from dataclasses import dataclass

from programs.speech_server.tts.voices import VOICES


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """A voice that an agent may have: its name, what people call it, the language it speaks."""

    name: str
    title: str
    language: str


def voices() -> tuple[VoiceLine, ...]:
    """Every voice, in the speech server's order."""
    return tuple(VoiceLine(name, voice.title, voice.language) for name, voice in VOICES.items())


def language_of_voice(name: str) -> str | None:
    """The language that a voice speaks, such as "en"; None for one that is not offered."""
    voice = VOICES.get(name)
    return None if voice is None else voice.language
