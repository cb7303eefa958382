"""How shadow scoring judges opposites and paraphrases: `python -m tests.bench.agreement`.

Real embeddings, the pairs of `tests/shadow/pairs.py`. The same is what scores 0.7 or more.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, time

import numpy as np
from rich.console import Console
from rich.table import Table

from rag.embedding.encoder import embed
from shadow.scoring import turn_score
from shadow.types import AgreementScore, CallDay, ComparedTurn, Side
from tests.shadow.pairs import CONTRADICTIONS, PARAPHRASES

CALL_DAY = CallDay(today=date(2026, 11, 21), open_between=(time(8), time(18)))
SAME = 0.7
LEAST_PARAPHRASES = 0.93  # the same or unjudged


def judged(pairs: Sequence[tuple[str, str]]) -> Counter[str]:
    """How many pairs were judged how."""
    vectors = iter(embed([text for pair in pairs for text in pair]))
    judgements = Counter[str]()
    for agent, human in pairs:
        similarity = float(np.dot(next(vectors), next(vectors)))
        turn = ComparedTurn(1, "", Side(agent), Side(human))
        judgements[_judgement(turn_score(turn, similarity=similarity, call_day=CALL_DAY))] += 1
    return judgements


def _judgement(score: AgreementScore) -> str:
    if score.unjudged:
        return "unjudged"
    return "same" if score.overall is not None and score.overall >= SAME else "not the same"


def main() -> int:
    """Print the table; 1 when a contradiction is the same, or too many paraphrases are not."""
    table = Table("pairs", "same", "unjudged", "not the same", title="shadow scoring")
    opposites, paraphrases = judged(CONTRADICTIONS), judged(PARAPHRASES)
    for kind, found in (("contradictions", opposites), ("paraphrases", paraphrases)):
        ways = ("same", "unjudged", "not the same")
        table.add_row(f"{found.total()} {kind}", *(str(found[way]) for way in ways))
    Console(width=100).print(table)
    share = 1 - paraphrases["not the same"] / paraphrases.total()
    return 0 if opposites["same"] == 0 and share >= LEAST_PARAPHRASES else 1


if __name__ == "__main__":
    sys.exit(main())
