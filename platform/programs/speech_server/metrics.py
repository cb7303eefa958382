"""The speech server's Prometheus metrics, served under /metrics."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY: Final = CollectorRegistry()
_QUICK_S: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)

REQUESTS_RUNNING: Final = Gauge(
    "warmline_speech_requests_running", "Sessions and requests being served now", registry=REGISTRY
)
REQUESTS: Final = Counter(
    "warmline_speech_requests",
    "Sessions and requests served",
    ["kind", "outcome"],
    registry=REGISTRY,
)
REFUSED: Final = Counter(
    "warmline_speech_refused", "Sessions and requests that found no slot", registry=REGISTRY
)
DECODED_SECONDS: Final = Counter(
    "warmline_speech_heard_seconds", "Audio decoded", registry=REGISTRY
)
SYNTHESISED_SECONDS: Final = Counter(
    "warmline_speech_spoken_seconds", "Audio synthesised", registry=REGISTRY
)
REQUEST_SECONDS: Final = Histogram(
    "warmline_speech_request_seconds",
    "How long a session or request was served",
    ["kind"],
    buckets=(*_QUICK_S, 10, 30, 60, 300, 1800),
    registry=REGISTRY,
)
TRANSCRIPT_SECONDS: Final = Histogram(
    "warmline_speech_final_text_seconds",
    "From a turn's commit to its text",
    buckets=_QUICK_S,
    registry=REGISTRY,
)
FIRST_AUDIO_SECONDS: Final = Histogram(
    "warmline_speech_first_sound_seconds",
    "From a request to its first audio",
    buckets=_QUICK_S,
    registry=REGISTRY,
)
PART_SECONDS: Final = Histogram(
    "warmline_speech_part_seconds",
    "How long an engine computes on a sentence or clause",
    ["engine"],
    buckets=_QUICK_S,
    registry=REGISTRY,
)
STOOD_IN: Final = Counter(
    "warmline_speech_stood_in",
    "Sentences and clauses that eSpeak NG spoke for an engine that failed or was full",
    ["cause"],
    registry=REGISTRY,
)
