"""What Prometheus reads at /metrics: pools by state, wanted and held, read from the rows when it asks."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from inference import queries
from inference.types import Pool
from inference.warming.policy import Decision, Observation

STATES: Final = ("cold", "starting", "loading", "priming", "warm", "draining", "asleep", "waking")
LABELS: Final = ("region", "role", "model")

REGISTRY: Final = CollectorRegistry()
DECISIONS: Final = Counter(
    "warmline_pool_decisions", "Decisions of the warmer, by the layer that won.", ("pool", "layer"), registry=REGISTRY
)


def count_pool(observation: Observation, decision: Decision) -> None:
    """Count one decision by the layer whose wish won."""
    winner = max(decision.wishes, key=lambda wish: wish.want)
    DECISIONS.labels(observation.pool, winner.layer).inc()


class PoolCollector(Collector):
    """The pools as they are at the moment of asking: true in whichever process is asked."""

    def collect(self) -> Iterable[Metric]:
        """Replicas by state, wanted, failures, first word, start."""
        replicas = GaugeMetricFamily("warmline_replicas", "Replicas by state.", labels=(*LABELS, "state"))
        wanted = GaugeMetricFamily("warmline_replicas_wanted", "Replicas that the warmer wants.", labels=LABELS)
        busy = GaugeMetricFamily("warmline_replica_requests", "Requests running on warm replicas.", labels=LABELS)
        failures = GaugeMetricFamily("warmline_start_failures", "Failed starts since the last good one.", labels=LABELS)
        first = GaugeMetricFamily("warmline_first_word_seconds", "Time to first output, warm.", labels=LABELS)
        start = GaugeMetricFamily("warmline_start_seconds", "Time from order to warm, as lately seen.", labels=LABELS)
        for line in queries.pool_lines():
            labels = _labels(line.pool)
            for state in STATES:
                replicas.add_metric((*labels, state), line.count(state))
            wanted.add_metric(labels, line.pool.want)
            busy.add_metric(labels, sum(replica.busy for replica in line.replicas))
            failures.add_metric(labels, line.failures)
            first.add_metric(labels, line.pool.first_word_ms / 1000)
            start.add_metric(labels, line.pool.start_s)
        return (replicas, wanted, busy, failures, first, start)

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read the database."""
        return ()


REGISTRY.register(PoolCollector())


def render() -> bytes:
    """The exposition format."""
    return generate_latest(REGISTRY)


def _labels(pool: Pool) -> tuple[str, str, str]:
    return (pool.region, pool.role, pool.model)
