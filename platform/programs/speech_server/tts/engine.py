"""What every text-to-speech engine does: a part of a text in, its sound out, piece by piece."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from programs.speech_server.audio import Samples
from programs.speech_server.tts.voices import Voice

OnAudio = Callable[[Samples], bool]


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is to sound: whose voice, how fast (1.0 is usual), at which sample rate."""

    voice: Voice
    speed: float
    rate_hz: int


class Engine(Protocol):
    """An engine; its methods block while they compute and are called in one thread."""

    name: str
    max_part_chars: int

    def speaks(self, voice: Voice) -> bool:
        """Whether the engine has this voice."""
        ...

    def speak(self, part: str, *, style: Style, on_audio: OnAudio) -> None:
        """Synthesise a sentence or clause at the style's rate, as loud as a telephone takes it.

        `on_audio` gets the samples piece by piece, in this thread, and says whether to go on.
        Raises SpeechFailed where the engine gives up.
        """
        ...
