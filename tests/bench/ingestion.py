"""`python -m tests.bench.ingestion`: pages of PDF a minute, through a real worker that is killed.

A company's PDF of 500 pages with 300 words each is queued; a worker as in production (one process)
reads and indexes it. The figure is from the queue to ready. Then the same once more while the
worker is killed five times (`SIGKILL`, parent and child), each time it got further: nothing may be
lost or doubled.
"""

import argparse
import io
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from rich.console import Console

from tests import services  # first: it names the services before Django reads its settings

# isort: split
os.environ["DJANGO_SETTINGS_MODULE"] = "warmline.settings"
import django

django.setup()

from django.core.management import call_command

import warmline.celery  # noqa: F401  the broker that tasks are sent to
from programs.frontdesk.dialogues.wording.word_lists import words
from rag import queries
from rag.actions import queue_file
from rag.chroma import TenantIndex, collection_id
from rag.models import Chunk, Revision
from rag.tasks import ingest_revision
from tenants.actions import create_tenant
from tenants.context import as_tenant
from tests.rag import files
from warmline.embedded.running import running
from warmline.embedded.stores import chroma, postgres, valkey
from warmline.kernel import env
from warmline.kernel.ids import TenantId

PAGES = 500
WORDS_A_PAGE = 300
BOUND_PAGES_A_MINUTE = 500
LONGEST_S = 1800
KILLS = 5


def main() -> int:
    """Index, kill, tell; 0 when the bound is held and all is there once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES)
    options = parser.parse_args()
    console = Console()
    with stores():
        tenant_id = create_tenant("bench", name="B", vertical="homeservices").tenant_id
        document_id, took = indexed(tenant_id, pages=options.pages, seed=1, kill=False)
        pages_a_minute = 60 * options.pages / took
        told = whole(tenant_id, document_id)
        console.print(
            f"{options.pages} pages, {told} passages in {took:.1f} s: {pages_a_minute:.0f} pages a "
            f"minute (at least {BOUND_PAGES_A_MINUTE})"
        )
        document_id, took = indexed(tenant_id, pages=options.pages, seed=2, kill=True)
        told = whole(tenant_id, document_id)
        console.print(f"killed {KILLS} times: all {told} passages once, in {took:.1f} s")
    return 0 if pages_a_minute >= BOUND_PAGES_A_MINUTE else 1


@contextmanager
def stores() -> Iterator[None]:
    """Postgres, Valkey and Chroma of this bench's own."""
    password = services.superuser_password
    postgres.ensure_cluster(services.home, superuser_password=password)
    with (
        running(
            postgres.program(services.home, superuser_password=password, durable=True),
            home=services.home,
        ),
        running(valkey.program(services.home), home=services.home),
        running(chroma.program(services.home, port=services.chroma_port), home=services.home),
    ):
        services.bootstrap()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        yield


def indexed(tenant_id: TenantId, *, pages: int, seed: int, kill: bool) -> tuple[UUID, float]:
    """A document that is ready, and how many seconds that took from its queueing."""
    raw = files.pdf(list(text_pages(pages, seed=seed)))
    with as_tenant(tenant_id):
        document_id = queue_file(io.BytesIO(raw), file_name=f"manual-{seed}.pdf")
    worker = started()
    try:
        if not kill:
            time.sleep(10)  # its imports are no part of the figure
        began = time.monotonic()
        with as_tenant(tenant_id):
            revision_id = Revision.objects.get(document_id=document_id).pk
            ingest_revision.for_tenant(tenant_id, str(revision_id))
        kills, seen = KILLS if kill else 0, 0
        while time.monotonic() - began < LONGEST_S:
            with as_tenant(tenant_id):
                line = queries.document(document_id)
            if line.state in {"ready", "failed"}:
                return document_id, time.monotonic() - began
            if kills and line.embedded > seen:
                # In the midst of the next batch.
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()
                worker, kills, seen = started(), kills - 1, line.embedded
            time.sleep(0.1)
        raise SystemExit(f"not ready within {LONGEST_S} s")
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def started() -> "subprocess.Popen[bytes]":
    """A worker as `make serve` starts it, in a group of its own."""
    command = [sys.executable, "-m", "celery", "-A", "warmline", "worker", "--queues", "knowledge"]
    command += ["--concurrency", "1", "--prefetch-multiplier", "1", "--without-gossip"]
    return subprocess.Popen(
        [*command, "--without-mingle", "--loglevel", "ERROR"],
        cwd=env.REPOSITORY,
        env=os.environ | {"PYTHONPATH": ".:platform"},
        start_new_session=True,
    )


def whole(tenant_id: TenantId, document_id: UUID) -> int:
    """How many passages the document has, each once in its rows and in the index; else it exits."""
    with as_tenant(tenant_id):
        line = queries.document(document_id)
        if line.state != "ready":
            raise SystemExit(f"{line.state}: {line.problem}")
        chunks = Chunk.objects.filter(revision__document_id=document_id)
        ids = set(map(str, chunks.values_list("pk", flat=True)))
        numbers = sorted(chunks.values_list("number", flat=True))
        place = collection_id(queries.knowledge_handle())
        everything = set(map(str, Chunk.objects.values_list("pk", flat=True)))
    index = TenantIndex(tenant_id)
    held = index.ids(place, start=0, limit=1_000_000)
    if numbers != list(range(1, line.passages + 1)) or not ids <= set(held):
        raise SystemExit("passages are lost or doubled")
    if len(held) != len(set(held)) or set(held) != everything:
        raise SystemExit("the index holds what no row names")
    return len(ids)


def text_pages(count: int, *, seed: int) -> Iterator[list[str]]:
    """Pages of plain words, each under a heading: paragraphs in lines as they wrap."""
    rng = random.Random(seed)
    vocabulary = [*words("plain"), *words("passage_extra"), *words("nouns")]
    for number in range(count):
        lines = [f"# Chapter {number} on {rng.choice(vocabulary)}"]
        for _ in range(4):
            said = [_sentence(rng, vocabulary) for _ in range(WORDS_A_PAGE // 60)]
            lines += textwrap.wrap(" ".join(said), width=90)
        yield lines


def _sentence(rng: random.Random, vocabulary: list[str]) -> str:
    said = " ".join(rng.choice(vocabulary) for _ in range(15))
    return f"{said[:1].upper()}{said[1:]}."


if __name__ == "__main__":
    sys.exit(main())
