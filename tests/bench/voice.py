"""How well the voices are understood over the telephone band, and how soon they speak.

`python -m tests.bench.voice`: each voice says the sentences through the speech server, as 8 kHz
µ-law; the speech server's own ears write down what they hear. One sentence at a time, one server.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
import numpy as np
from rich.console import Console
from rich.table import Table

from programs.carrier_simulator.audio import write_wav
from tests.programs.speech_server.conftest import running
from verticals.spoken.heard import heard_form

# The agent's kind of sentence; none is a caller's recording, none has been tuned for.
SENTENCES: Final = (
    "Thank you for calling Rivertown Plumbing, how can I help you today?",
    "I can book a drain cleaning for Tuesday at ten in the morning.",
    "Let me check that for you.",
    "We are open Monday to Friday from 8 to 6.",
    "A water heater repair is $150.",
    "Could you tell me your name, please?",
    "You are booked on Thursday at 3:30 p.m. Is there anything else?",
    "I am sorry, I did not catch that.",
    "Your number is (415) 555-0123, is that right?",
    "Dr. Lee can see you next Wednesday at 9:15.",
    "Please hold on while I connect you to a person.",
    "The clinic has free parking behind the building.",
    "We do not charge extra for weekend visits.",
    "Goodbye, and thank you for calling.",
    "Sure, what day would suit you best?",
    "I don't have that information, but I can take a message.",
    "The technician will arrive between 2 and 4 this afternoon.",
    "Would you like to move your appointment to another day?",
    "For a leaking tap we usually need about an hour.",
    "There is a table for six on Saturday evening.",
    "If you smell gas, leave the house and call 911.",
    "The deposit is refunded if you cancel a day before.",
    "Is this address still right, or have you moved?",
    "Our next opening is on March 3rd, would that work?",
)
VOICES: Final = (
    ("hibari", "en-us"),
    ("hibari", "en-us-f"),
    ("hibari", "en-us-annie"),
    ("hibari", "en-us-michael"),
    ("hibari", "en-us-deep"),
    ("espeak-ng", "en-us"),
    ("espeak-ng", "en-us-michael"),
)
MOST_WRONG: Final = 0.10  # of hibari's words, in each of its voices


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence as it was spoken: how soon, in what time, how long it sounds, what was heard."""

    first_ms: float
    made_s: float
    sound_s: float
    wrong: int
    words: int


async def say(http: aiohttp.ClientSession, sentence: str, *, model: str, voice: str) -> Said:
    """Have a sentence spoken, then written down."""
    asked = {"model": model, "voice": voice, "input": sentence, "response_format": "pcmu"}
    began, first_ms, pieces = time.perf_counter(), 0.0, list[bytes]()
    async with http.post("/v1/audio/speech", json=asked) as answer:
        answer.raise_for_status()
        async for piece in answer.content.iter_any():
            first_ms = first_ms or (time.perf_counter() - began) * 1000
            pieces.append(piece)
    made_s, sound = time.perf_counter() - began, b"".join(pieces)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        write_wav(path, sound)
        form = aiohttp.FormData({"response_format": "text"})
        form.add_field("file", path.read_bytes(), filename="said.wav")
        async with http.post("/v1/audio/transcriptions", data=form) as answer:
            answer.raise_for_status()
            heard = await answer.text()
    wanted = heard_form(sentence).split()
    return Said(
        first_ms, made_s, len(sound) / 8_000, edits(wanted, heard_form(heard).split()), len(wanted)
    )


def edits(wanted: list[str], heard: list[str]) -> int:
    """Words to put in, take out or replace to make one of the other."""
    row = np.arange(len(heard) + 1)
    for place, word in enumerate(wanted, 1):
        before, row[0] = row.copy(), place
        for at, other in enumerate(heard, 1):
            row[at] = min(row[at - 1] + 1, before[at] + 1, before[at - 1] + (word != other))
    return int(row[-1])


async def measured(address: str) -> dict[tuple[str, str], list[Said]]:
    """Every voice's sentences, one after the other."""
    results: dict[tuple[str, str], list[Said]] = {}
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(address, timeout=timeout) as http:
        for model, voice in VOICES:
            results[model, voice] = [
                await say(http, sentence, model=model, voice=voice) for sentence in SENTENCES
            ]
    return results


def main() -> int:
    """Print the table; 1 when too many of hibari's words are heard wrong."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running("--role", "both", log=Path(folder) / "log") as address,
    ):
        results = asyncio.run(measured(address))
    columns = ("engine", "voice", "words wrong", "first audio, ms: p50", "p95", "share of time")
    table = Table(*columns, title=f"{len(SENTENCES)} sentences over the telephone band")
    worst = 0.0
    for (model, voice), said in results.items():
        wrong = sum(one.wrong for one in said) / sum(one.words for one in said)
        worst = max(worst, wrong if model == "hibari" else 0.0)
        first = sorted(one.first_ms for one in said)
        share = sum(one.made_s for one in said) / sum(one.sound_s for one in said)
        p95 = first[int(len(first) * 0.95)]
        row = (f"{wrong:.1%}", f"{statistics.median(first):.0f}", f"{p95:.0f}", f"{share:.3f}")
        table.add_row(model, voice, *row)
    Console(width=100).print(table)
    return 0 if worst <= MOST_WRONG else 1


if __name__ == "__main__":
    sys.exit(main())
