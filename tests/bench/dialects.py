"""`python -m tests.bench.dialects`: what reading one delta of a completion costs, by dialect.

Beside it the least that it can cost: the line cut off and its JSON decoded into three fields.
"""

import sys
import time
from collections.abc import Callable

import msgspec
from rich.console import Console
from rich.table import Table

from telephony.media.replicas.sse import CompletionReader
from tests.fakes.dialects import ENDPOINTS, recorded

ROUNDS = 30
ANSWERS = 200
# Of a delta's whole way (a socket's read, 30 µs and more) a small part.
BOUND_US = 10.0


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []


_decode = msgspec.json.Decoder(_Chunk).decode


def packets(endpoint: str) -> list[bytes]:
    """A plain reply's events as they come: one in each packet."""
    body = recorded(endpoint, "reply").body.replace(b"\r\n", b"\n")
    return [event + b"\n\n" for event in body.split(b"\n\n") if event]


def read(events: list[bytes]) -> None:
    """As a call reads them."""
    reader = CompletionReader()
    for event in events:
        reader.feed(event)


def decoded(events: list[bytes]) -> None:
    """The least."""
    for event in events:
        line = event.split(b"\n")[0]
        if line.startswith(b"data: {"):
            _decode(line[6:])


def microseconds(work: Callable[[list[bytes]], None], events: list[bytes]) -> float:
    """For one event, in the quickest of several rounds: others on this machine only slow one."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(ANSWERS):
            work(events)
        rounds.append((time.perf_counter() - begun) * 1e6 / ANSWERS / len(events))
    return min(rounds)


def main() -> int:
    """Print the table; 1 when a dialect is past the bound."""
    table = Table("endpoint", "µs a delta", "decoding alone", title="reading completions")
    slowest = 0.0
    for endpoint in ENDPOINTS:
        events = packets(endpoint)
        cost, least = microseconds(read, events), microseconds(decoded, events)
        slowest = max(slowest, cost)
        table.add_row(endpoint, f"{cost:.2f}", f"{least:.2f}")
    Console().print(table)
    print(f"slowest: {slowest:.2f} µs a delta (bound {BOUND_US:.0f} µs)")
    return 0 if slowest <= BOUND_US else 1


if __name__ == "__main__":
    sys.exit(main())
