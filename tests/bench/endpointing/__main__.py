"""`python -m tests.bench.endpointing`: false cut-offs against latency, tabled and drawn.

Silence, smart-turn, the words so far, and all of it, on real people's pauses and on synthetic
callers', each at the same moment: no answer leaves before its words are heard.
"""

import sys
from functools import partial
from pathlib import Path
from typing import Final, cast

import matplotlib as mpl
from matplotlib import pyplot as plt
from rich.console import Console
from rich.table import Table

from telephony.media.turn_end.asked import Asked
from telephony.media.turn_end.decision import Evidence, log_odds, wait
from tests.bench import human_speech
from tests.bench.endpointing import corpora
from tests.bench.endpointing.frontier import Detector, Pauses, Point, cut_off_at, latency_at
from tests.bench.endpointing.pauses import LEAST_MS, Known
from warmline.kernel import env

# Hearing starts `LEAST_MS` into the pause, and takes so long on one core for three seconds.
HEARD_AFTER_MS: Final = LEAST_MS + 170
LINES: Final = 45
TALKED_INTO: Final = 0.1
SILENCES_MS: Final = (200, 300, 400, 500, 600, 800, 1000, 1500)
USUAL_MS: Final = 600


def evidence_of(known: Known) -> Evidence:
    """What the turn detector has of a pause."""
    return Evidence(known.words, cast("Asked", known.asked), known.voice)


DETECTORS: Final = (
    Detector("smart-turn", lambda known: known.voice, HEARD_AFTER_MS),
    Detector(
        "words",
        lambda known: log_odds(Evidence(known.words, cast("Asked", known.asked))),
        HEARD_AFTER_MS,
    ),
    Detector("fused", lambda known: log_odds(evidence_of(known)), HEARD_AFTER_MS),
)


def waited_ms(known: Known, *, silence_ms: int) -> float:
    """What Warmline waits."""
    return max(HEARD_AFTER_MS, wait(evidence_of(known), silence_ms=silence_ms).ms)


def frontiers(pauses: Pauses) -> dict[str, list[Point]]:
    """Each detector's frontier, and Warmline's own rule at each `silence_ms`."""
    swept = {detector.name: pauses.swept(detector) for detector in DETECTORS}
    ours = [pauses.waited(partial(waited_ms, silence_ms=ms), f"{ms} ms") for ms in SILENCES_MS]
    return {"silence": pauses.silence(), **swept, "as it decides": ours}


def tabled(title: str, curves: dict[str, list[Point]]) -> Table:
    """Latency at a share of turns cut off, and the share at a latency."""
    columns = ("at 5 %", "at 10 %", "at 20 %", "cut off at 400 ms", "at 600 ms", "at 1 s")
    table = Table("detector", *columns, title=title)
    for name, points in curves.items():
        latencies = (latency_at(points, share) for share in (0.05, 0.1, 0.2))
        shares = (cut_off_at(points, ms) for ms in (400, 600, 1000))
        table.add_row(
            name,
            *("–" if ms is None else f"{ms:.0f} ms" for ms in latencies),
            *("–" if share is None else f"{share:.1%}" for share in shares),
        )
    return table


def talked_into(known: list[Known]) -> tuple[int, int]:
    """How many stops in mid-sentence are talked into at the usual silence, of how many."""
    stops = [one for one in known if one.lasts_ms is not None and one.lasts_ms >= 400]
    return sum(
        waited_ms(one, silence_ms=USUAL_MS) < cast("int", one.lasts_ms) for one in stops
    ), len(stops)


def drawn(curves: dict[str, dict[str, list[Point]]], path: Path) -> None:
    """One panel a corpus."""
    mpl.use("agg")
    figure, panels = plt.subplots(1, len(curves), figsize=(6 * len(curves), 5), sharey=True)
    for panel, (title, detectors) in zip(panels, curves.items(), strict=True):
        for name, points in detectors.items():
            xs, ys = [p.latency_ms for p in points], [100 * p.cut_off for p in points]
            style = {"marker": "o", "linestyle": ":"} if name == "as it decides" else {}
            panel.plot(xs, ys, label=name, **style)
        panel.set(title=title, xlabel="wait at the true end, ms (mean)", xlim=(150, 1700))
        panel.grid(alpha=0.3)
    panels[0].set_ylabel("turns cut off, %")
    panels[0].legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main() -> int:
    """Print the tables, draw them; 1 when a bound is not held."""
    console = Console(width=120)
    for left_out in human_speech.fetch():
        console.print(f"left out: {left_out}")
    people = corpora.people()
    stopped = corpora.held_on(corpora.in_mid_sentence(people))
    synthetic = corpora.in_mid_sentence(corpora.synthetic_callers(LINES, held_out=True))
    named = {
        "people's pauses as they were": people,
        "people's pauses in mid-sentence, held on": stopped,
        "synthetic callers": synthetic,
    }
    curves: dict[str, dict[str, list[Point]]] = {}
    for title, known in named.items():
        turns = len({one.turn for one in known})
        stops = sum(one.lasts_ms is not None for one in known)
        curves[title] = frontiers(Pauses(known))
        console.print(tabled(f"{title}: {turns} turns, {stops} pauses", curves[title]))
    into = {title: talked_into(known) for title, known in list(named.items())[1:]}
    for title, (missed, of) in into.items():
        console.print(f"{title}: talked into {missed} of {of} stops of 0.4 to 1.5 s")
    path = env.home() / "bench" / "endpointing" / "frontier.png"
    drawn(curves, path)
    console.print(f"drawn in {path}")
    return int(any(missed > TALKED_INTO * of for missed, of in into.values()))


if __name__ == "__main__":
    sys.exit(main())
