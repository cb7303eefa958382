"""`python -m tests.bench.retrieval`: how long a question takes and how often it is answered, in the
knowledge of one company in fifty with 100,000 passages.

Measured from the question's text to the passages, as the web plane's knowledge door does it:
embedding, Chroma, words, register. `--passages 20000` for a quick look; with `--folder FOLDER` the
index is built once (ten minutes on two cores) and asked again in one. Beside the whole: meaning
alone.
Told too: how many questions that nothing answers are answered all the same.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from tests import services  # first: it names the services before Django reads its settings

# isort: split
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "warmline.settings"
import django

django.setup()

from rag.embedding.encoder import embed_query
from rag.errors import KnowledgeUnavailable
from rag.queries import search_collection
from rag.retrieval.search import find
from rag.retrieval.words import memory
from tests.bench import retrieval_corpus as corpus
from tests.bench import retrieval_index as index
from tests.bench.retrieval_corpus import Asked, Known
from tests.bench.retrieval_index import Company
from warmline.embedded.home import open_home
from warmline.embedded.running import running
from warmline.embedded.stores import chroma

COMPANIES = 50
OTHERS_PASSAGES = 200
QUESTIONS = 400
BOUND_P95_MS = 30.0
BOUND_RECALL = 0.9
# What no branch says anything of.
UNKNOWN = (
    "do you sell elephants",
    "who won the football yesterday",
    "what is the capital of peru",
    "can you recommend a novel",
    "how do i bake sourdough bread",
    "is my brother already there",
    "what do you think about politics",
    "tell me a joke",
    "how tall is mount everest",
    "yes please",
    "no thank you goodbye",
    "could you repeat that",
    "my name is miller",
    "hello good morning",
    "i will call back later",
)


@dataclass(frozen=True, slots=True)
class Score:
    """How often the answer was among the first, and how long that took."""

    recall_at_1: float
    recall_at_5: float
    p50_ms: float
    p95_ms: float


def main() -> int:
    """Build, ask, tell; 0 when the bounds are held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--companies", type=int, default=COMPANIES)
    parser.add_argument(
        "--folder", type=Path, help="where the index is kept for the next run; built once"
    )
    options = parser.parse_args()
    console = Console()
    topics = corpus.topics()
    names = corpus.branches(options.passages // len(topics) + 1)
    rows = list(islice(corpus.passages(names, of=topics), options.passages))
    with prepared(options.folder, rows, companies=options.companies) as company:
        console.print(f"{len(rows)} passages of one company in {options.companies}")
        until_awake(company)
        asked_names = names[: options.passages // len(topics)]
        scores, before, began = {}, chroma_s(), time.process_time()
        for label, held_out in (("questions made from documents", False), ("held out", True)):
            asked = list(
                corpus.questions(asked_names, of=topics, count=QUESTIONS, held_out=held_out)
            )
            scores[label] = measured(company, asked)
            scores[f"{label}: meaning alone"] = measured(company, asked, without_words=True)
        console.print(table(scores))
        ours, theirs = time.process_time() - began, chroma_s() - before
        asked_in_all = len(scores) * QUESTIONS
        console.print(
            f"processor a question: ours {1000 * ours / asked_in_all:.1f} ms, "
            f"Chroma {1000 * theirs / asked_in_all:.1f} ms"
        )
        console.print(f"answered though nothing is known: {wrongly_answered(company)}")
    judged = [scores["questions made from documents"], scores["held out"]]
    slow = max(score.p95_ms for score in judged) > BOUND_P95_MS
    missed = min(score.recall_at_5 for score in judged) < BOUND_RECALL
    return 1 if slow or missed else 0


@contextmanager
def prepared(folder: Path | None, rows: Sequence[Known], *, companies: int) -> Iterator[Company]:
    """The company, with Chroma running on its folder, or on one that is thrown away."""
    home = services.home if folder is None else open_home(folder)
    whole = index.is_whole(home.root, rows)
    if not whole:
        index.forget(home.root)
    with running(chroma.program(home, port=services.chroma_port), home=home):
        if whole:
            yield index.reopened(home.root, rows)
        else:
            yield index.build(home.root, rows, others=list(other_companies(companies - 1)))


def until_awake(company: Company) -> None:
    """Chroma reads a company's index from the disk with its first question."""
    for _ in range(60):
        with suppress(KnowledgeUnavailable):
            search_collection(company.tenant_id, handle=company.handle, query="hello", k=3)
            return
    raise SystemExit("Chroma answers no question within a second")


def chroma_s() -> float:
    """Processor seconds of Chroma so far."""
    spent = 0.0
    for process in psutil.Process().children(recursive=True):
        if "chroma" in " ".join(process.cmdline()):
            spent += process.cpu_times().user + process.cpu_times().system
    return spent


def other_companies(count: int) -> Iterator[list[Known]]:
    """What each of the others knows."""
    topics = corpus.topics()
    for number in range(1, count + 1):
        there = corpus.branches(number + 2)[-2:]
        yield list(islice(corpus.passages(there, of=topics), OTHERS_PASSAGES))


def measured(company: Company, asked: Sequence[Asked], *, without_words: bool = False) -> Score:
    """The score of these questions, each asked once, after a few that warm up."""
    words = None if without_words else memory().newest(company.tenant_id)
    for question in asked[:10]:
        find(company.tenant_id, handle=company.handle, question=question.text, words=words)
    embed_query.cache_clear()
    times, first, five = [], 0, 0
    for question in asked:
        began = time.perf_counter()
        found = find(company.tenant_id, handle=company.handle, question=question.text, words=words)
        times.append((time.perf_counter() - began) * 1000)
        right = [
            question.is_answered_by(row.hit.title, row.hit.text, company.known) for row in found[:5]
        ]
        first += right[:1] == [True]
        five += any(right)
    times.sort()
    count = len(asked)
    return Score(first / count, five / count, times[count // 2], times[int(count * 0.95)])


def wrongly_answered(company: Company) -> str:
    """How many of the questions that nothing answers are answered all the same."""
    answered = [
        text
        for text in UNKNOWN
        if search_collection(company.tenant_id, handle=company.handle, query=text, k=3)
    ]
    return f"{len(answered)} of {len(UNKNOWN)} ({', '.join(answered[:5]) or 'none'})"


def table(scores: dict[str, Score]) -> Table:
    """The scores, as people read them."""
    shown = Table("questions", "recall@1", "recall@5", "p50 ms", "p95 ms")
    for label, score in scores.items():
        shown.add_row(
            label,
            f"{score.recall_at_1:.3f}",
            f"{score.recall_at_5:.3f}",
            f"{score.p50_ms:.1f}",
            f"{score.p95_ms:.1f}",
        )
    return shown


if __name__ == "__main__":
    sys.exit(main())
