"""What stands between a call and its first token: `python -m tests.bench.router`.

The same chat completion is asked of the same replica straight, by the media plane's own way through
the ladder (a choice among 1,020 replicas, in the caller's process), and through SGLang's router and
LiteLLM's proxy. Requests come at random times at a given rate, whether or not earlier ones are
answered. The ways take turns in short blocks, so that what else the machine does falls on all of
them alike; each round gives a difference to the straight way, and the median of the rounds is told.
The replica is vLLM with the frontdesk model, or with `--replica stub` one that answers at once: on
a machine whose vLLM cannot keep up with the rate, only the stub shows what a router itself costs.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import msgspec
import uvloop
from rich.console import Console
from rich.table import Table

from inference.types import Pool, Replica, Snapshot
from programs.frontdesk.replica import served
from telephony.media.replicas.completion import Completion
from telephony.media.replicas.failover_ladder import FailoverLadder
from telephony.media.replicas.http import Deadlines, posted
from telephony.media.replicas.llm import MAX_TOKENS, LlmClient
from telephony.media.replicas.replica_picker import ReplicaPicker
from telephony.media.replicas.sse import CompletionReader
from tests.bench.ladder import followed
from tests.bench.peers import ROUTERS, installed
from tests.bench.routing import NOW, fleet
from tests.telephony.media.plans import US_EAST, plan
from warmline.embedded.ports import choose_port
from warmline.kernel import env
from warmline.kernel.call import PoolRung
from warmline.kernel.conversation import Message
from warmline.kernel.ids import ReplicaId

MODEL = "frontdesk"
# A way that falls behind is waited for: its times tell.
PATIENT = Deadlines(first_s=120, between_s=60, total_s=180)
START_S = 180.0
BOUND_P50_MS, BOUND_P95_MS = 1.0, 3.0
MESSAGES = (
    Message(
        "system",
        "You are Nora, the receptionist at Harper Plumbing. "
        "Opening hours: monday to friday, eight to six.",
    ),
    Message("assistant", "Thanks for calling Harper Plumbing, this is Nora. How can I help?"),
    Message("user", "when are you open on monday"),
)

Way = Callable[[], Coroutine[Any, Any, float]]  # asks once; seconds to the first words


@contextmanager
def process(command: list[str], *, url: str, log: Path) -> Iterator[None]:
    """A server for the length of the block, once `url` answers at all."""
    with log.open("wb") as out:
        running = subprocess.Popen(
            command, cwd=env.REPOSITORY, stdout=out, stderr=out, start_new_session=True
        )
    try:
        deadline = time.monotonic() + START_S
        while not _answers(url):
            if running.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(
                    f"{command[1:4]} did not start:\n{log.read_text(encoding='utf-8')[-2000:]}"
                )
            time.sleep(0.3)
        yield
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGTERM)
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait(10)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code < 500
    except httpx.HTTPError:
        return False


def _port() -> int:
    return choose_port("WARMLINE_BENCH_ROUTER_PORT", preferred=0, taken={0})


@contextmanager
def replica(kind: str, folder: Path) -> Iterator[str]:
    """The address of the one replica that everybody asks."""
    if kind == "vllm":
        python = str(env.REPOSITORY / ".warmline" / "engine" / "bin" / "python")
        model = env.REPOSITORY / "inference" / "weights" / MODEL
        with served(model, log=folder / "vllm.log", python=python) as url:
            yield url
        return
    port = _port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.fakes.replicas",
        "--port",
        str(port),
        "--first-token-s",
        "0",
    ]
    with process(command, url=f"http://127.0.0.1:{port}/health", log=folder / "stub.log"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def sglang(url: str, python: Path, folder: Path) -> Iterator[str]:
    """SGLang's router before the replica."""
    port = _port()
    command = [
        str(python),
        "-m",
        "sglang_router.launch_router",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--worker-urls", url, "--policy", "cache_aware", "--log-level", "warn"]
    command += ["--prometheus-port", str(_port())]
    with process(command, url=f"http://127.0.0.1:{port}/readiness", log=folder / "sglang.log"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def litellm(url: str, python: Path, folder: Path) -> Iterator[str]:
    """LiteLLM's proxy before the replica, without a database or a key."""
    port, config = _port(), folder / "litellm.yaml"
    model = {"model": f"openai/{MODEL}", "api_base": f"{url}/v1", "api_key": "none"}
    # no key to check: the less work for it
    settings = {"dangerously_permit_weak_or_unset_master_key": True}
    models = [{"model_name": MODEL, "litellm_params": model}]
    config.write_text(
        json.dumps({"model_list": models, "general_settings": settings}), encoding="utf-8"
    )  # JSON is YAML
    command = [
        str(python.with_name("litellm")),
        "--config",
        str(config),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with process(
        command, url=f"http://127.0.0.1:{port}/health/liveliness", log=folder / "litellm.log"
    ):
        yield f"http://127.0.0.1:{port}"


def straight(http: aiohttp.ClientSession, url: str) -> Way:
    """The request as the media plane sends it, to a given address."""
    body = msgspec.json.encode(
        {
            "model": MODEL,
            "messages": MESSAGES,
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    )

    async def ask() -> float:
        reader, first_s = CompletionReader(), None
        began = time.perf_counter()
        async with posted(http, f"{url}/v1/chat/completions", body, deadlines=PATIENT) as stream:
            assert stream.status == 200, f"{url} answers {stream.status}"
            async for packet in stream.pieces():
                if reader.feed(packet) and first_s is None:
                    first_s = time.perf_counter() - began
                if reader.done:
                    break
        assert first_s is not None, f"{url} said nothing"
        return first_s

    return ask


def crowd(url: str) -> Snapshot:
    """The replica at `url` among a thousand others."""
    others = fleet(regions=20, replicas_a_role=17, drawn=random.Random(1))
    pool = Pool(US_EAST, "think", MODEL, 5000)
    mine = Replica(ReplicaId("r-1"), pool.name, US_EAST, "think", MODEL, url, "warm", 5000, NOW)
    return Snapshot(1, NOW, others.regions, (*others.pools, pool), (*others.replicas, mine))


def through_the_ladder(http: aiohttp.ClientSession, of_process: ReplicaPicker) -> Way:
    """The media plane's own way: a call's ladder over the process's picker, and its client."""
    rungs = (PoolRung(US_EAST, "think", MODEL),)

    async def ask() -> float:
        with closing(FailoverLadder(plan(tools=(), ladder=rungs), of_process, _failed)) as ladder:
            llm, first_s = LlmClient(http, ladder, tools=(), key=lambda _: None), None
            began = time.perf_counter()
            async for _ in llm.stream(MESSAGES, Completion()):
                first_s = first_s or time.perf_counter() - began
        assert first_s is not None
        return first_s

    return ask


def _failed(role: str, endpoint: object, why: str, after: str) -> None:
    raise AssertionError(f"{endpoint}: {why}")


async def block(ask: Way, *, a_second: float, seconds: float, drawn: random.Random) -> list[float]:
    """Milliseconds to the first words of each request of one block, sorted."""
    due, tasks = 0.0, list[asyncio.Task[float]]()
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        while (due := due + drawn.expovariate(a_second)) < seconds:
            await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
            tasks.append(group.create_task(ask()))
    return sorted(task.result() * 1000 for task in tasks)


def quantile(values: list[float], share: float) -> float:
    """Of sorted values."""
    return values[min(len(values) - 1, int(share * len(values)))]


async def measure(
    ways: dict[str, Way], *, a_second: float, options: argparse.Namespace
) -> dict[str, list[list[float]]]:
    """For each way its rounds' times."""
    drawn = random.Random(1)
    for ask in ways.values():
        await block(ask, a_second=min(20.0, a_second), seconds=3, drawn=drawn)
    rounds: dict[str, list[list[float]]] = {name: [] for name in ways}
    for number in range(options.rounds):
        for name in drawn.sample(list(ways), len(ways)):
            same = random.Random(number)  # all ways of a round are asked at the same moments
            rounds[name].append(
                await block(ways[name], a_second=a_second, seconds=options.seconds, drawn=same)
            )
    return rounds


def tell(rounds: dict[str, list[list[float]]], *, a_second: float, kind: str) -> bool:
    """Print the table; whether our way keeps its bounds."""
    table = Table(
        "way",
        "p50 ms",
        "p95 ms",
        "more at p50",
        "more at p95",
        title=f"{kind}, {a_second:g} requests/s",
    )
    more: dict[str, tuple[float, float]] = {}
    for name, found in rounds.items():
        own = [[quantile(each, share) for each in found] for share in (0.5, 0.95)]
        base = [[quantile(each, share) for each in rounds["straight"]] for share in (0.5, 0.95)]
        p50, p95 = (
            statistics.median(a - b for a, b in zip(*pair, strict=True))
            for pair in zip(own, base, strict=True)
        )
        more[name] = p50, p95
        table.add_row(
            name, *(f"{statistics.median(each):.2f}" for each in own), f"{p50:+.2f}", f"{p95:+.2f}"
        )
    Console(width=100).print(table)
    return more["ladder"][0] <= BOUND_P50_MS and more["ladder"][1] <= BOUND_P95_MS


async def run(options: argparse.Namespace, urls: dict[str, str], folder: Path) -> bool:
    """All rates; whether our way kept its bounds at each."""
    # As the media plane's own session (telephony/media/__main__.py).
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    timeout = aiohttp.ClientTimeout(total=None)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            aiohttp.ClientSession(connector=connector, timeout=timeout)
        )
        ways = {name: straight(http, url) for name, url in urls.items()}
        of_process = await stack.enter_async_context(followed(crowd(urls["straight"]), folder))
        ways["ladder"] = through_the_ladder(http, of_process)
        kept = True
        for rate in options.rates.split(","):
            rounds = await measure(ways, a_second=float(rate), options=options)
            kept &= tell(rounds, a_second=float(rate), kind=options.replica)
        return kept


def main() -> int:
    """Print a table for each rate; 1 when our own way costs more than its bounds."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.router", description=__doc__)
    parser.add_argument("--replica", choices=("vllm", "stub"), default="vllm")
    parser.add_argument("--rates", default="50,150", help="requests a second")
    parser.add_argument(
        "--beside", default="sglang,litellm", help="other ways to measure; empty: none"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a block")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    others = {"sglang": sglang, "litellm": litellm}
    python = installed("routers", ROUTERS)
    with tempfile.TemporaryDirectory(prefix="wl-") as home, ExitStack() as stack:
        folder = Path(home)
        url = stack.enter_context(replica(options.replica, folder))
        urls = {"straight": url}
        for name in filter(None, options.beside.split(",")):
            urls[name] = stack.enter_context(others[name](url, python, folder))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return 0 if runner.run(run(options, urls, folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
