"""`python -m tests.bench.ingestion`: pages of PDF a minute, through a real worker that is killed.

A company's PDF of 500 pages of 300 to 500 words is queued; a worker as in production (one process)
reads and indexes it. The figure is from the queue to ready. Then the document is replaced by as
many other pages while the worker is killed twice in the middle, by `SIGKILL`: once the process that
works, once all of it. Nothing may be lost or doubled, and until all is there the first content
answers, afterwards the second, never both.
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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import psutil
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
from rag.actions import queue_file, replace_with_file
from rag.chroma import TenantIndex, collection_id
from rag.errors import KnowledgeUnavailable
from rag.models import Chunk, Document, Revision
from rag.tasks import send_waiting
from tenants.actions import create_tenant
from tenants.context import as_tenant
from tests.rag import files
from warmline.embedded.running import running
from warmline.embedded.stores import chroma, postgres, valkey
from warmline.kernel import env
from warmline.kernel.ids import TenantId

PAGES = 500
WORDS_A_PAGE = (300, 500)
BOUND_PAGES_A_MINUTE = 500
LONGEST_S = 1800
TICK_S = 3.0
READY_S = 20.0
# How far the work has come when the worker is killed, and what of it dies.
KILLS = ((0.3, "its process"), (0.6, "all of it"))


def main() -> int:
    """Index, replace while it is killed, tell; 0 when the bound is held and all is there once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES)
    options = parser.parse_args()
    console = Console()
    with stores():
        tenant_id = create_tenant("bench", name="B", vertical="homeservices").tenant_id
        first, second = (pdf(options.pages, seed=seed) for seed in (1, 2))
        with as_tenant(tenant_id):
            document_id = queue_file(io.BytesIO(first), file_name="manual.pdf")
        with knowledge_worker() as worker:
            time.sleep(READY_S)  # its imports are no part of the figure
            before = processor_s()
            took = until_ready(Watched(tenant_id, document_id), worker)
            spent = {name: s - before[name] for name, s in processor_s().items()}
        pages_a_minute = 60 * options.pages / took
        console.print(
            f"{options.pages} pages, {whole(tenant_id, document_id)} passages in {took:.1f} s: "
            f"{pages_a_minute:.0f} pages a minute (at least {BOUND_PAGES_A_MINUTE}); processor "
            + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items())
        )
        with as_tenant(tenant_id):
            earlier = live_passages(document_id)
            replace_with_file(document_id, body=io.BytesIO(second), file_name="manual.pdf")
        watched = Watched(tenant_id, document_id, earlier=earlier, kills=list(KILLS))
        with knowledge_worker() as worker:
            took = until_ready(watched, worker)
        told = whole(tenant_id, document_id)
        console.print(
            f"replaced in {took:.1f} s, killed at {', '.join(watched.killed)}: all {told} passages "
            f"once in rows and index, none of the {len(earlier)} before; {watched.answers} answers "
            f"meanwhile, each from one content"
        )
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


class Worker:
    """A worker as `make serve` starts it, with the queue of short jobs beside."""

    def __init__(self) -> None:
        self.process = self._started()

    def kill(self, what: str) -> None:
        """Kill the process that works, or all of it; then as its supervisor does, start it anew."""
        if what == "its process":
            for child in psutil.Process(self.process.pid).children():
                child.kill()
            return
        self.end()
        self.process = self._started()

    def end(self) -> None:
        """Kill it whole."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "celery", "-A", "warmline", "worker"]
        command += ["--queues", "knowledge,celery", "--concurrency", "1"]
        command += ["--prefetch-multiplier", "1", "--without-gossip", "--without-mingle"]
        return subprocess.Popen(
            [*command, "--loglevel", "CRITICAL"],
            cwd=env.REPOSITORY,
            env=os.environ | {"PYTHONPATH": ".:platform"},
            start_new_session=True,
        )


@contextmanager
def knowledge_worker() -> Iterator[Worker]:
    """A worker that is gone at the end."""
    worker = Worker()
    try:
        yield worker
    finally:
        worker.end()


@dataclass(slots=True)
class Watched:
    """A document on its way; `kills` are still to come, `killed` tells what came."""

    tenant_id: TenantId
    document_id: UUID
    earlier: frozenset[str] = frozenset()
    kills: list[tuple[float, str]] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    answers: int = 0

    def look(self, worker: Worker) -> str:
        """Its state now; kills the worker where that is due, and looks at what answers."""
        with as_tenant(self.tenant_id):
            if self.earlier:
                self._ask()
            line = queries.document(self.document_id)
            revisions = Revision.objects.filter(document_id=self.document_id).count()
        if self.kills and line.to_embed and line.embedded >= self.kills[0][0] * line.to_embed:
            _, what = self.kills.pop(0)
            worker.kill(what)
            self.killed.append(f"{line.embedded} of {line.to_embed} ({what})")
        # What a replaced content left is removed right after.
        return "clearing" if line.state == "ready" and revisions > 1 else line.state

    def _ask(self) -> None:
        try:
            found = {passage.id for passage in queries.search("chapter on the water heater", k=10)}
        except KnowledgeUnavailable:
            return  # a call goes on without, for as long as the machine has no core left
        if found & self.earlier and found - self.earlier:
            raise SystemExit("two contents answer at once")
        self.answers += bool(found)


def until_ready(watched: Watched, worker: Worker) -> float:
    """How many seconds it took until the document was ready, with the ticks of beat."""
    began, ticked = time.monotonic(), 0.0
    while time.monotonic() - began < LONGEST_S:
        if time.monotonic() - ticked > TICK_S:
            send_waiting.delay()
            ticked = time.monotonic()
        state = watched.look(worker)
        if state in {"ready", "failed"}:
            return time.monotonic() - began
        time.sleep(0.2)
    raise SystemExit(f"not ready within {LONGEST_S} s")


def processor_s() -> dict[str, float]:
    """Processor seconds so far of the worker with what it started, of Chroma, and of Postgres."""
    spent = {"worker": 0.0, "Chroma": 0.0, "Postgres": 0.0}
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            told, times = " ".join(process.cmdline()), process.cpu_times()
            own = times.user + times.system
            if "celery" in told:
                spent["worker"] += own + times.children_user + times.children_system
            elif "chroma" in told:
                spent["Chroma"] += own
            elif "postgres" in told:
                spent["Postgres"] += own
    return spent


def live_passages(document_id: UUID) -> frozenset[str]:
    """The ids of the passages that its rows say answer."""
    live = Document.objects.filter(pk=document_id).values("live_id")
    return frozenset(
        map(str, Chunk.objects.filter(revision_id__in=live).values_list("pk", flat=True))
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


def pdf(pages: int, *, seed: int) -> bytes:
    """A manual of so many pages: each a heading and paragraphs in lines as they wrap."""
    return files.pdf(list(text_pages(pages, seed=seed)))


def text_pages(count: int, *, seed: int) -> Iterator[list[str]]:
    """The lines of each page."""
    rng = random.Random(seed)
    vocabulary = [*words("plain"), *words("passage_extra"), *words("nouns")]
    for number in range(count):
        lines = [f"# Chapter {number} on {rng.choice(vocabulary)}"]
        left = rng.randint(*WORDS_A_PAGE)
        while left > 0:
            said = [_sentence(rng, vocabulary) for _ in range(rng.randint(3, 7))]
            left -= sum(len(sentence.split()) for sentence in said)
            lines += textwrap.wrap(" ".join(said), width=90)
        yield lines


def _sentence(rng: random.Random, vocabulary: list[str]) -> str:
    said = " ".join(rng.choice(vocabulary) for _ in range(rng.randint(6, 24)))
    return f"{said[:1].upper()}{said[1:]}."


if __name__ == "__main__":
    sys.exit(main())
