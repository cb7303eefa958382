"""What callers say in this bench, as µ-law: voices of eSpeak NG, none of them the agent's, and a
real woman's prompts where they can be had.
"""

import audioop
from functools import cache
from itertools import cycle, islice, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from programs.speech_server.tts import espeak
from tests.bench import human_speech

VOICES: Final = ("en-us+m3", "en-us+f2", "en+m1", "en-us+Annie", "en-gb-scotland+m5")
CLEAR_VOICES: Final = VOICES[1:2]  # that the ears understand in whole sentences
BACKCHANNELS: Final = (
    "mm hmm", "okay", "right", "yeah", "uh huh", "I see", "all right", "ha ha ha",
)  # fmt: skip
INTERRUPTIONS: Final = (
    "wait, I have a question",
    "no, that is not what I want",
    "sorry, can I ask something else",
    "stop, how much does it cost",
    "excuse me, do you come on Sundays",
)
QUESTIONS: Final = (
    "do you charge extra for weekend visits",
    "can somebody look at my boiler tomorrow morning",
)
LEVEL_RMS: Final = 2500  # -22 dBFS, a usual telephone voice

Samples = NDArray[np.float64]


def backchannels(count: int) -> list[tuple[str, bytes]]:
    """So many, every word in several voices."""
    spoken = islice(cycle(product(BACKCHANNELS, VOICES)), count)
    return [(f"{words} ({voice})", said(words, voice)) for words, voice in spoken]


def interruptions(count: int) -> list[tuple[str, bytes]]:
    """Half of them synthetic, half a real woman's sentences, or all synthetic without her."""
    real = [(speech.name, trimmed(speech.mulaw)) for speech in sentences()[: count // 2]]
    spoken = cycle(product(INTERRUPTIONS, VOICES))
    made = islice(spoken, count - len(real))
    return [*real, *((f"{words} ({voice})", said(words, voice)) for words, voice in made)]


def questions(count: int) -> list[bytes]:
    """A real woman's sentences before synthetic ones."""
    real = [trimmed(speech.mulaw) for speech in sentences()[count : 2 * count]]
    made = [said(words, voice) for words, voice in product(QUESTIONS, CLEAR_VOICES)]
    return [*real[: count - len(made)], *made][:count]


@cache
def sentences() -> list[human_speech.Speech]:
    """Real sentences of two to five seconds, in an order that mixes them."""
    whole = [speech for speech in human_speech.prompts() if 16_000 < len(speech.mulaw) < 40_000]
    return sorted(whole, key=lambda speech: speech.name[::-1])


def crowd(seconds: float, *, people: int) -> bytes:
    """So many voices at once, at the level of one."""
    length = int(seconds * 8000)
    sources = [speech.mulaw for speech in human_speech.meetings() or sentences()]
    sources = sources or [said(words, voice) for words, voice in product(QUESTIONS, VOICES)]
    mixed = np.zeros(length)
    for person in range(people):
        line = b"".join(islice(cycle(sources[person::people] or sources), 60))
        mixed += levelled(linear((line * (length // len(line) + 1))[:length]))
    return mulaw(levelled(mixed))


def television(seconds: float) -> bytes:
    """One voice after the other over a tune."""
    voices = linear(crowd(seconds, people=1))
    at = np.arange(len(voices)) / 8000
    notes = 220.0 * 2 ** (np.array([0, 4, 7, 12, 9, 5])[(at * 3).astype(int) % 6] / 12)
    tune = sum(np.sin(2 * np.pi * np.cumsum(notes * over) / 8000) for over in (1, 2, 3))
    return mulaw(levelled(voices + 0.5 * levelled(np.asarray(tune))))


@cache
def said(words: str, voice: str) -> bytes:
    """eSpeak NG's, as the telephone carries it."""
    spoken = bytearray()

    def piece(pcm: bytes) -> bool:
        spoken.extend(pcm)
        return True

    espeak.synthesise(words, voice=voice, words_per_minute=170, on_audio=piece)
    narrow, _ = audioop.ratecv(bytes(spoken), 2, 1, espeak.rate_hz(), 8000, None)
    return trimmed(mulaw(levelled(np.frombuffer(narrow, "<i2").astype(float))))


def trimmed(spoken: bytes) -> bytes:
    """Without the silence around it: its first frame is the onset."""
    frames = [spoken[n : n + 160] for n in range(0, len(spoken) - 159, 160)]
    loud = [audioop.rms(audioop.ulaw2lin(frame, 2), 2) for frame in frames]
    heard = [n for n, level in enumerate(loud) if level > 0.05 * max(loud)]
    return mulaw(levelled(linear(b"".join(frames[heard[0] : heard[-1] + 1]))))


def levelled(samples: Samples) -> Samples:
    """At the usual level, measured where there is speech."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    power = (frames**2).mean(axis=1)
    active = power[power > power.max(initial=1.0) * 0.01]
    mean = float(active.mean()) if len(active) else 1.0
    return np.asarray(samples * (LEVEL_RMS / max(1.0, mean) ** 0.5))


def fainter(spoken: bytes, *, by_db: float) -> bytes:
    """The same, further off."""
    return mulaw(linear(spoken) * 10 ** (-by_db / 20))


def linear(spoken: bytes) -> Samples:
    """Its samples."""
    return np.frombuffer(audioop.ulaw2lin(spoken, 2), "<i2").astype(float)


def mulaw(samples: Samples) -> bytes:
    """As the telephone carries it."""
    return audioop.lin2ulaw(np.clip(samples, -32768, 32767).astype("<i2").tobytes(), 2)
