"""How many words of real people are heard wrong over the telephone, and how soon the text is there.

`python -m tests.bench.words [MODEL]`: people's prompts and read books (`human_speech.py`), and what
callers say to a receptionist in voices that are not the agent's, half of it in noise at 15 dB, all
as 8 kHz µ-law between 300 and 3400 Hz, through the speech server's realtime socket.
"""

import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
import numpy as np
from rich.console import Console
from rich.table import Table

from programs.speech_server.audio import Samples, from_mulaw, to_mulaw
from programs.speech_server.stt.engines import HEAR_MODELS
from tests.bench import human_speech
from tests.bench.voice import edits
from tests.programs.speech_server.caller import COMPLETED, calling
from tests.programs.speech_server.conftest import running
from verticals.spoken.heard import heard_form

PROMPTS: Final = Path(__file__).with_name("prompts.txt")
# As callers speak to the six lines of business; nothing has been tuned on them.
SENTENCES: Final = (
    "Hi, my kitchen sink is leaking and I need somebody today.",
    "How much do you charge to come out on a weekend?",
    "Could I move my appointment to next Thursday morning?",
    "I would like to cancel my booking for tomorrow, please.",
    "My name is Karen Whitfield and my number is 415 555 0123.",
    "Do you have anything available after four o'clock?",
    "I think I smell gas in the basement.",
    "Can I get a table for six people on Saturday evening?",
    "My daughter has a fever since last night.",
    "Is the apartment on Maple Street still available?",
    "No, I said Tuesday, not Thursday.",
    "Where are you located and is there parking?",
    "I forgot my password and cannot log in.",
    "What time do you close on Fridays?",
    "Could you send somebody to look at the water heater?",
    "I'd like a haircut and a color with Jenny if she is free.",
    "Yes, that works for me, thank you.",
    "Do you take insurance, and what does a check up cost?",
    "Can I speak to a real person?",
    "The heating stopped working and we have a baby in the house.",
    "It is for two nights, from the tenth to the twelfth.",
    "Sorry, could you repeat that?",
    "I am calling about an invoice that I received yesterday.",
    "That is all for today, goodbye.",
)
VOICES: Final = ("en-us-annie", "en-us-michael", "en-us-deep")
QUIET: Final = b"\xff" * 1_600
NOISE_DB: Final = 15.0
MOST_WRONG: Final = 0.12
LATENCY_S: Final = 3
TURNS: Final = 20


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody says, as the telephone carries it, with a moment of quiet line around it."""

    kind: str
    mulaw: bytes
    words: str


def people() -> list[Utterance]:
    """Real people, of those recordings whose words are known."""
    known = dict(_lines(PROMPTS))
    said = [
        Utterance("people: prompts", QUIET + speech.mulaw + QUIET, known[speech.name])
        for speech in human_speech.prompts()
        if speech.name in known
    ]
    written = "pocketsphinx/*/test/data/librivox/transcription"
    for transcription in human_speech.folder().glob(written):
        pairs = re.findall(r"<s> (.*?) </s> \((.*?)\)", transcription.read_text(encoding="utf-8"))
        books = {name: words for words, name in pairs}
        said += [
            Utterance("people: books", QUIET + speech.mulaw + QUIET, books[speech.name])
            for speech in human_speech.read_books()
            if speech.name in books
        ]
    return said


def _lines(path: Path) -> Iterable[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        name, colon, words = line.partition(": ")
        if colon:
            yield name, words


async def receptionist(http: aiohttp.ClientSession) -> list[Utterance]:
    """Callers' sentences in each voice, every other one in noise from before it to after it."""
    said: list[Utterance] = []
    draw = np.random.default_rng(20)
    for number, sentence in enumerate(SENTENCES):
        for place, voice in enumerate(VOICES):
            asked = {"model": "hibari", "voice": voice, "input": sentence}
            async with http.post(
                "/v1/audio/speech", json={**asked, "response_format": "pcmu"}
            ) as answer:
                answer.raise_for_status()
                mulaw = await answer.read()
            if (number + place) % 2:
                said.append(Utterance("callers at 15 dB", in_noise(mulaw, draw), sentence))
            else:
                said.append(Utterance("callers, quiet", QUIET + mulaw + QUIET, sentence))
    return said


def in_noise(mulaw: bytes, draw: np.random.Generator) -> bytes:
    """The same in a room's noise, as loud as the band of a telephone lets through."""
    speech = from_mulaw(QUIET + mulaw + QUIET)
    spectrum = np.fft.rfft(draw.normal(size=len(speech)))
    hz = np.fft.rfftfreq(len(speech), 1 / 8_000)
    spectrum[(hz < 300) | (hz > 3400)] = 0
    noise = np.fft.irfft(spectrum, len(speech))
    loud = np.sqrt(np.mean(speech**2) / np.mean(noise**2)) * 10 ** (-NOISE_DB / 20)
    mixed: Samples = (speech + loud * noise).astype(np.float32)
    return to_mulaw(mixed)


async def wrong_words(address: str, said: list[Utterance]) -> dict[str, tuple[int, int, int]]:
    """By kind: utterances, words wrong, words."""
    counted: dict[str, tuple[int, int, int]] = {}
    async with calling(address) as caller:
        await caller.configure()
        for utterance in said:
            await caller.speak(utterance.mulaw, piece_bytes=4_000)
            await caller.send(type="input_audio_buffer.commit")
            heard = str((await caller.until(COMPLETED))["transcript"])
            words = heard_form(utterance.words).split()
            many, wrong, all_words = counted.get(utterance.kind, (0, 0, 0))
            wrong += edits(words, heard_form(heard).split())
            counted[utterance.kind] = (many + 1, wrong, all_words + len(words))
    return counted


async def text_after_ms(address: str, mulaw: bytes) -> list[float]:
    """From the end of three seconds of speech to their text, turn after turn."""
    waits: list[float] = []
    async with calling(address) as caller:
        await caller.configure()
        for _ in range(TURNS):
            await caller.speak(mulaw, piece_bytes=4_000)
            await asyncio.sleep(0.3)  # a hypothesis of its beginning is over
            began = time.perf_counter()
            await caller.send(type="input_audio_buffer.commit")
            await caller.until(COMPLETED)
            waits.append((time.perf_counter() - began) * 1000)
    return waits


async def measured(address: str) -> bool:
    """Print what is heard wrong and how soon; whether the bounds hold."""
    left_out = await asyncio.to_thread(human_speech.fetch)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(address, timeout=timeout) as http:
        said = [*people(), *await receptionist(http)]
    counted = await wrong_words(address, said)
    table = Table("speech", "utterances", "words", "wrong", title="words heard wrong")
    for kind, (many, wrong, words) in counted.items():
        table.add_row(kind, str(many), str(words), f"{wrong / words:.1%}")
    console = Console(width=100)
    console.print(table)
    longest = max(said, key=lambda utterance: len(utterance.mulaw)).mulaw
    three = longest[: LATENCY_S * 8_000]
    alone = await text_after_ms(address, three)
    both = await asyncio.gather(text_after_ms(address, three), text_after_ms(address, three))
    two = [wait for waits in both for wait in waits]
    for name, waits in (("alone", alone), ("two at once", two)):
        p95 = sorted(waits)[int(0.95 * len(waits))]
        p50 = statistics.median(waits)
        console.print(f"3 s → text, {name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    for missing in left_out:
        console.print(f"left out: {missing}")
    console.print("left out: meetings (pyannote.audio), whose words nobody wrote down")
    missed = [whose for whose in ("people", "callers") if not _holds(counted, whose)]
    console.print(f"more than {MOST_WRONG:.0%} wrong: {', '.join(missed) or 'nobody'}")
    return not missed


def _holds(counted: dict[str, tuple[int, int, int]], whose: str) -> bool:
    """Whether few enough words are wrong; what could not be fetched bounds nothing."""
    theirs = [figures for kind, figures in counted.items() if kind.startswith(whose)]
    return sum(wrong for _, wrong, _ in theirs) <= MOST_WRONG * sum(words for *_, words in theirs)


def main() -> int:
    """Measure the default ears, or those that are named; 1 when a bound is missed."""
    model = sys.argv[1] if len(sys.argv) > 1 else HEAR_MODELS[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        running("--hear-model", model, log=Path(folder) / "log") as address,
    ):
        return 0 if asyncio.run(measured(address)) else 1


if __name__ == "__main__":
    sys.exit(main())
