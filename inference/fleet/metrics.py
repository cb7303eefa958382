"""What Prometheus reads at /metrics: each pool by state, wanted, held and expected, and its
decisions.

All of it is read from the rows when it asks: the warmer runs in processes that nobody scrapes.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from inference.fleet import queries
from inference.fleet.history import pool_history
from inference.types import Pool

STATES: Final = ("cold", "starting", "loading", "priming", "warm", "draining", "asleep", "waking")
LABELS: Final = ("region", "role", "model")

REGISTRY: Final = CollectorRegistry()


class PoolCollector(Collector):
    """The pools as they are at the moment of asking: true in whichever process is asked."""

    def collect(self) -> Iterable[Metric]:
        """Each pool's replicas by state, what it wants, holds and expects, and its decisions."""
        lines = queries.pool_lines()
        return (*_replicas(lines), *_slots(lines), _decisions(lines))

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read the database."""
        return ()


def _replicas(lines: Sequence[queries.PoolLine]) -> tuple[Metric, ...]:
    replicas = GaugeMetricFamily(
        "warmline_replicas", "Replicas by state.", labels=(*LABELS, "state")
    )
    wanted = GaugeMetricFamily(
        "warmline_replicas_wanted", "Replicas that the warmer wants.", labels=LABELS
    )
    busy = GaugeMetricFamily(
        "warmline_replica_requests", "Requests running on warm replicas.", labels=LABELS
    )
    failures = GaugeMetricFamily(
        "warmline_start_failures", "Failed starts since the last good one.", labels=LABELS
    )
    first = GaugeMetricFamily(
        "warmline_first_word_seconds", "Time to first output, warm.", labels=LABELS
    )
    start = GaugeMetricFamily(
        "warmline_start_seconds", "Time from order to warm, as lately seen.", labels=LABELS
    )
    for line in lines:
        labels = _labels(line.pool)
        for state in STATES:
            replicas.add_metric((*labels, state), line.count(state))
        wanted.add_metric(labels, line.pool.desired)
        busy.add_metric(labels, sum(replica.busy for replica in line.replicas))
        failures.add_metric(labels, line.failures)
        first.add_metric(labels, line.pool.first_word_ms / 1000)
        start.add_metric(labels, line.pool.start_s)
    return (replicas, wanted, busy, failures, first, start)


def _slots(lines: Sequence[queries.PoolLine]) -> tuple[Metric, ...]:
    """What the warmer sees of the calls.

    Where a pool has no forecast yet, nothing is expected and nothing said.
    """
    held = GaugeMetricFamily(
        "warmline_slots_held", "Slots leased by calls, as lately seen.", labels=LABELS
    )
    expected = GaugeMetricFamily(
        "warmline_slots_expected", "Slots expected one start from now.", labels=LABELS
    )
    foreseen = queries.expected_slots()
    for line in lines:
        held.add_metric(_labels(line.pool), line.pool.held)
        if line.pool.name in foreseen:
            expected.add_metric(_labels(line.pool), foreseen[line.pool.name])
    return (held, expected)


def _decisions(lines: Sequence[queries.PoolLine]) -> Metric:
    made = CounterMetricFamily(
        "warmline_pool_decisions",
        "Changes of what is wanted, by the layer that won.",
        labels=(*LABELS, "layer"),
    )
    counts = pool_history.decisions_by_layer()
    for line in lines:
        for layer, count in counts.get(line.pool.name, {}).items():
            made.add_metric((*_labels(line.pool), layer), count)
    return made


REGISTRY.register(PoolCollector())


def render() -> bytes:
    """The exposition format."""
    return generate_latest(REGISTRY)


def _labels(pool: Pool) -> tuple[str, str, str]:
    return (pool.region, pool.role, pool.model)
