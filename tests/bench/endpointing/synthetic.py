"""Synthetic callers: frontdesk's lines in voices of the speech server, paused in mid-sentence.

A line is stopped where it is quietest near a place drawn by chance, as people stop: between two
words, with the voice still up. How long it stops is drawn from 0.4 to 1.5 s.
"""

import audioop
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from programs.frontdesk.dialogues.difficulty import FULL
from programs.frontdesk.dialogues.generator import generate
from programs.speech_server.tts.engine import Style
from programs.speech_server.tts.engines import load_engines
from programs.speech_server.tts.voices import voice_named
from telephony.media.turn_end.asked import asked
from tests.bench.endpointing.pauses import FRAME, Pause
from tests.bench.human_speech import Speech

# What callers say, not what recognisers make of it.
CLEAN: Final = replace(FULL, noise=0.0, random_values=0.0)
VOICES: Final = ("en-us-michael", "en-us-annie", "en-us-f")
STOPS_MS: Final = (400, 1500)
LOOK: Final = 8  # frames to each side of the place
LEAST_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """What a caller says, after what the agent asked."""

    text: str
    asked: str


def lines(count: int, *, held_out: bool) -> list[Line]:
    """Callers' lines of frontdesk's dialogues, each once."""
    found: dict[str, Line] = {}
    seed = 0
    while len(found) < count:
        agent = ""
        for message in generate(seed, difficulty=CLEAN, held_out=held_out).messages:
            if message.role == "user":
                found.setdefault(message.text, Line(message.text, asked(agent)))
            elif message.role == "assistant" and message.text:
                agent = message.text
        seed += 1
    return list(found.values())[:count]


def spoken(count: int, *, held_out: bool) -> Iterator[tuple[Line, Speech, list[Pause]]]:
    """Each line as audio with its pauses: up to two in its middle, and its end."""
    engine, _ = load_engines("hibari")
    drawn = random.Random(int(held_out))
    for number, line in enumerate(lines(count, held_out=held_out)):
        style = Style(voice_named(VOICES[number % len(VOICES)]), drawn.uniform(0.9, 1.1), 8000)
        pieces: list[bytes] = []

        def take(samples: np.ndarray, pieces: list[bytes] = pieces) -> bool:
            clipped = np.clip(samples, -32767, 32767).astype("<i2")
            pieces.append(audioop.lin2ulaw(clipped.tobytes(), 2))
            return True

        engine.speak(line.text, style=style, on_audio=take)
        mulaw = _without_its_silence(b"".join(pieces))
        name = f"line-{int(held_out)}-{number}"
        speech = Speech(name, "synthetic", mulaw)
        yield line, speech, _stopped(speech, len(line.text.split()), drawn)


def _stopped(speech: Speech, words: int, drawn: random.Random) -> list[Pause]:
    places: list[Pause] = []
    if words >= LEAST_WORDS:
        for share in (drawn.uniform(0.25, 0.5), drawn.uniform(0.55, 0.85)):
            at = _quietest(speech.mulaw, int(len(speech.mulaw) * share))
            places.append(Pause(speech.name, "mid-sentence", at, drawn.randint(*STOPS_MS)))
    return [*places, Pause(speech.name, "mid-sentence", len(speech.mulaw), None)]


def _quietest(mulaw: bytes, near: int) -> int:
    middle = near // FRAME
    frames = range(max(5, middle - LOOK), min(len(mulaw) // FRAME - 2, middle + LOOK))
    return FRAME * min(frames, key=lambda n: _loudness(mulaw, n), default=middle)


def _loudness(mulaw: bytes, frame: int) -> int:
    return audioop.rms(audioop.ulaw2lin(mulaw[frame * FRAME : (frame + 1) * FRAME], 2), 2)


def _without_its_silence(mulaw: bytes) -> bytes:
    frames = len(mulaw) // FRAME
    while frames and _loudness(mulaw, frames - 1) < 150:
        frames -= 1
    return mulaw[: frames * FRAME]
