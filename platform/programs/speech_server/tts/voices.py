"""The voices that a request may name, and how each engine makes them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from programs.speech_server.errors import BadRequest

DEFAULT: Final = "en-us"


@dataclass(frozen=True, slots=True)
class Timbre:
    """A speaker: the pitch, and how high the resonances of the mouth lie, as shares of hibari's.

    A man's vocal tract is some 15 % longer than a woman's and his pitch some 40 % lower
    (Peterson and Barney, 1952).
    """

    pitch: float = 1.0
    resonances: float = 1.0


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice: its title, the language it speaks, its name in eSpeak NG, and hibari's timbre.

    Without a timbre eSpeak NG speaks it, whichever engine the server has.
    """

    title: str
    language: str
    espeak: str
    timbre: Timbre | None = None


# The network was trained on one woman; the others are she with another pitch and vocal tract.
# Whisper tiny.en hears each of them as well as her (`python -m tests.bench.voice`).
_HEART: Final = Voice("American, a woman", "en", "en-us+f3", Timbre())
_LOWER: Final = Voice("American, a woman with a lower voice", "en", "en-us+f2", Timbre(0.85))
_BRIGHT: Final = Voice("American, a young woman", "en", "en-us+f4", Timbre(1.08, 1.04))
_MAN: Final = Voice("American, a man", "en", "en-us+Michael", Timbre(0.62, 0.87))
_DEEP: Final = Voice("American, a man with a deep voice", "en", "en-us+m7", Timbre(0.55, 0.83))

# The names of OpenAI's voices are understood too, so that a client written for it is answered.
VOICES: Final[Mapping[str, Voice]] = {
    "en-us": _HEART,
    "en-us-f": _LOWER,
    "en-us-annie": _BRIGHT,
    "en-us-michael": _MAN,
    "en-us-deep": _DEEP,
    "en-gb": Voice("British, a man (eSpeak)", "en", "en"),
    "en-gb-f": Voice("British, a woman (eSpeak)", "en", "en+f3"),
    "es-es": Voice("Spanish of Spain (eSpeak)", "es", "es"),
    "es-us": Voice("Spanish of Latin America (eSpeak)", "es", "es-419"),
    "fr-fr": Voice("French (eSpeak)", "fr", "fr"),
    "de-de": Voice("German (eSpeak)", "de", "de"),
    "alloy": _HEART,
    "ash": _MAN,
    "ballad": _MAN,
    "cedar": _DEEP,
    "coral": _BRIGHT,
    "echo": _MAN,
    "fable": _LOWER,
    "marin": _HEART,
    "nova": _BRIGHT,
    "onyx": _DEEP,
    "sage": _LOWER,
    "shimmer": _BRIGHT,
    "verse": _MAN,
}


def voice_named(name: str) -> Voice:
    """The voice, or BadRequest that lists those that exist."""
    try:
        return VOICES[name]
    except KeyError:
        expected = f"expected a voice among {', '.join(VOICES)}, got {name[:60]!r}"
        raise BadRequest(expected, param="voice") from None
