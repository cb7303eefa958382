"""What a look-up costs: `python -m tests.bench.knowledge [--passages 100000]`, all of them one tenant's.

A real Chroma server and the real embedding model. The passages' vectors are those of 64 sentences with as much noise
again, since embedding 100,000 texts would take longer than the bench; the questions are embedded for real, and none
is asked twice. Index and model are timed apart too, each in turn with the whole.
"""

import argparse
import os
import statistics
import sys
import time
from uuid import uuid4

import django
import numpy as np

from tests import services  # first: it names the services before Django reads its settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
django.setup()

from rich.console import Console
from rich.progress import track
from rich.table import Table

from rag.chroma import TenantIndex
from rag.embedding.encoder import embed, embed_query, warm
from rag.queries import search_collection
from rag.types import KnowledgeHandle, Vectored
from warmline.embedded import chroma
from warmline.embedded.running import running
from warmline.kernel.ids import TenantId

BOUND_P95_MS = 30.0
BATCH = 2000
SEEDS = 64
TOPICS = ("parking", "the warranty", "a water heater repair", "weekend visits", "test results", "the drain", "cards")
FORMS = ("how much is {}", "do you charge extra for {}", "what about {} on a {}", "tell me about {} please")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def questions(count: int) -> list[str]:
    """Questions of about twelve tokens, no two alike."""
    return [f"{FORMS[n % 4].format(TOPICS[n % 7], DAYS[n % 5])} for the {DAYS[n % 7]} number {n}" for n in range(count)]


def fill(index: TenantIndex, handle: KnowledgeHandle, *, passages: int) -> None:
    """Put that many passages into a collection."""
    drawn = np.random.default_rng(1)
    seeds = embed(questions(SEEDS))
    for start in track(range(0, passages, BATCH), description="passages", console=Console(stderr=True)):
        count = min(BATCH, passages - start)
        noisy = seeds[drawn.integers(0, SEEDS, count)] + 0.05 * drawn.standard_normal((count, seeds.shape[1]))
        vectors = (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).tolist()
        index.upsert(handle, [Vectored(str(uuid4()), "d", "t", "words " * 40, tuple(row)) for row in vectors])


def measure(tenant_id: TenantId, handle: KnowledgeHandle, *, asked: int) -> dict[str, list[float]]:
    """Sorted milliseconds of the model, of the index, and of whole look-ups."""
    index = TenantIndex(tenant_id)
    took: dict[str, list[float]] = {"model": [], "index": [], "look-up": []}
    warm()
    for question in questions(asked):
        began = time.perf_counter()
        vector = embed_query(question)
        embedded = time.perf_counter()
        index.nearest(handle, vector, k=3)
        found = time.perf_counter()
        embed_query.cache_clear()
        begun = time.perf_counter()
        search_collection(tenant_id, handle=handle, query=question, k=3)
        whole = time.perf_counter() - begun
        for name, seconds in (("model", embedded - began), ("index", found - embedded), ("look-up", whole)):
            took[name].append(seconds * 1e3)
    return {name: sorted(times) for name, times in took.items()}


def main() -> int:
    """Print the table; 1 when the bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=300)
    wanted = parser.parse_args()
    with running(chroma.program(services.home, port=services.chroma_port), home=services.home):
        tenant_id = TenantId(str(uuid4()))
        index = TenantIndex(tenant_id)
        handle = index.ensure()
        fill(index, handle, passages=wanted.passages)
        took = measure(tenant_id, handle, asked=wanted.asked)
    table = Table("ms", "p50", "p95", title=f"look-up among {wanted.passages:,} passages")
    p95 = {name: times[int(len(times) * 0.95)] for name, times in took.items()}
    for name, times in took.items():
        table.add_row(name, f"{statistics.median(times):.1f}", f"{p95[name]:.1f}")
    Console().print(table)
    print(f"p95 {p95['look-up']:.1f} ms, bound {BOUND_P95_MS:.0f} ms")
    return int(p95["look-up"] > BOUND_P95_MS)


if __name__ == "__main__":
    sys.exit(main())
