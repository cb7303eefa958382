"""The voices that a request may name, and how eSpeak NG makes them."""

from collections.abc import Mapping
from typing import Final

from programs.speech_server.errors import BadRequest

DEFAULT: Final = "en-us"
# at speed 1.0; slower than the library's 175, since a telephone takes the consonants
WORDS_PER_MINUTE: Final = 165

# The names of OpenAI's voices are understood too, so that a client written for it is answered.
VOICES: Final[Mapping[str, str]] = {
    "en-us": "en-us",
    "en-us-f": "en-us+f3",
    "en-gb": "en",
    "en-gb-f": "en+f3",
    "en-us-annie": "en-us+Annie",
    "en-us-michael": "en-us+Michael",
    "alloy": "en-us",
    "ash": "en-us+Michael",
    "ballad": "en",
    "cedar": "en-us+Michael",
    "coral": "en-us+f3",
    "echo": "en-us+m3",
    "fable": "en",
    "marin": "en-us+Annie",
    "nova": "en-us+f2",
    "onyx": "en-us+m7",
    "sage": "en+f3",
    "shimmer": "en-us+f4",
    "verse": "en-us+m1",
}


def espeak_voice(name: str) -> str:
    """eSpeak NG's name of the voice, or BadRequest that lists those that exist."""
    try:
        return VOICES[name]
    except KeyError:
        expected = f"expected a voice among {', '.join(VOICES)}, got {name[:60]!r}"
        raise BadRequest(expected, param="voice") from None


def words_per_minute(speed: float) -> int:
    """The library's rate for OpenAI's speed of 0.25 to 4.0; it knows 80 to 450 words a minute."""
    if not 0.25 <= speed <= 4.0:
        raise BadRequest("expected a speed from 0.25 to 4.0", param="speed")
    return max(80, min(450, round(WORDS_PER_MINUTE * speed)))
