"""What a sentence's spoken form costs, in microseconds: `python -m tests.bench.speech`."""

import statistics
import sys
import time

from rich.console import Console
from rich.table import Table

from telephony.media.speech.sentences import SentenceCutter
from verticals.spoken.speech import spoken_form

TIMES, ROUNDS = 200, 7
BOUND_US = 5000.0  # a quarter of one frame of audio, for a sentence of nothing but figures
SENTENCES = {
    "words alone": "i can help you with that, what day would you like?",
    "times": "We are open from 8 to 6 on weekdays and 9 to 1 on Saturday.",
    "money and links": "Your **total** is $1,200.50, call (555) 012-3456 or [book](https://a.com).",
    "abbreviations": "That's great, Dr. Smith can see you at 3:30 p.m. on Dec. 5th.",
    "240 figures": "1 " * 120,
}


def microseconds(text: str) -> tuple[float, float]:
    """The median cost of cutting a sentence from a stream of its words, and of its spoken form."""
    cutting, saying = list[float](), list[float]()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(TIMES):
            cutter = SentenceCutter()
            for word in text.split(" "):
                cutter.feed(f"{word} ")
            cutter.finish()
        cut = time.perf_counter()
        for _ in range(TIMES):
            spoken_form(text)
        cutting.append((cut - began) / TIMES * 1e6)
        saying.append((time.perf_counter() - cut) / TIMES * 1e6)
    return statistics.median(cutting), statistics.median(saying)


def main() -> int:
    """Print the table; 1 when a sentence takes longer than its bound."""
    measured = {kind: microseconds(text) for kind, text in SENTENCES.items()}
    table = Table("sentence", "cut, µs", "said, µs", title="each sentence before its sound")
    for kind, (cutting, saying) in measured.items():
        table.add_row(kind, f"{cutting:.1f}", f"{saying:.1f}")
    Console(width=100).print(table)
    return 0 if all(max(costs) < BOUND_US for costs in measured.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
