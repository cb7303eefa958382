"""eSpeak NG as an engine: many languages, a few milliseconds a sentence, a robot's voice."""

from typing import Final

from programs.speech_server.audio import Resampler, from_pcm
from programs.speech_server.tts import espeak
from programs.speech_server.tts.engine import OnAudio, Style
from programs.speech_server.tts.voices import Voice

MODEL: Final = "espeak-ng"
# at speed 1.0; slower than the library's 175, since a telephone takes the consonants
WORDS_PER_MINUTE: Final = 165
SLOWEST, FASTEST = 80, 450  # what the library knows
GAIN: Final = 0.8  # it speaks near full scale; a telephone line is kept below it


class EspeakNg:
    """The library, which has one state for a whole process."""

    name = MODEL
    max_part_chars = 240  # 30 ms a part

    def speaks(self, voice: Voice) -> bool:
        """Every voice has a name in eSpeak NG."""
        return bool(voice.espeak)

    def speak(self, part: str, *, style: Style, on_audio: OnAudio) -> None:
        """20 ms of sound at a time."""
        resampler = Resampler(espeak.rate_hz(), style.rate_hz)

        def piece(pcm: bytes) -> bool:
            return on_audio(resampler.feed(from_pcm(pcm)) * GAIN)

        espeak.synthesise(
            part,
            voice=style.voice.espeak,
            words_per_minute=max(SLOWEST, min(FASTEST, round(WORDS_PER_MINUTE * style.speed))),
            on_audio=piece,
        )
        on_audio(resampler.flush() * GAIN)
