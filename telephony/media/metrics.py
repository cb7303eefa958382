"""What operators see of the media plane on /metrics; never by tenant, never with words."""

from prometheus_client import Counter, Gauge, Histogram

_STAGES_S = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.5, 5.0)

CALLS = Gauge("warmline_media_calls", "Calls on this process now")
CALLS_ENDED = Counter("warmline_media_calls_ended", "Calls ended here", ["reason"])
REFUSED_STREAMS = Counter(
    "warmline_media_refused_streams", "Streams refused before they began", ["reason"]
)
BAD_MESSAGES = Counter("warmline_media_bad_messages", "Messages ignored", ["reason"])
STAGE_SECONDS = Histogram(
    "warmline_media_stage_seconds",
    "From the caller's last speech frame to a stage",
    ["stage"],
    buckets=_STAGES_S,
)
TURN_ENDS = Counter(
    "warmline_media_turn_ends", "Callers' turns that ended, by what was known of the pause", ["by"]
)
VOICE_SECONDS = Histogram(
    "warmline_media_turn_model_seconds",
    "Processor time of one look of smart-turn at a pause",
    buckets=(0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5),
)
VOICE_UNHEARD = Counter(
    "warmline_media_turn_model_skipped", "Pauses that smart-turn was not heard on in time", ["why"]
)
BARGE_INS = Counter("warmline_media_barge_ins", "Answers that a caller cut")
SHADOW_TURNS_DROPPED = Counter(
    "warmline_media_screen_turns_dropped", "Shadowed turns dropped: too many waited"
)
UNDERRUNS = Counter("warmline_media_underruns", "Gaps in an answer because its audio came late")
REPLICA_FAILURES = Counter(
    "warmline_media_replica_failures", "Replicas that failed in a call", ["role"]
)
MOVED = Counter("warmline_media_moved_calls", "Calls that left a replica which drained", ["role"])
HEDGED = Counter(
    "warmline_media_hedged_requests", "Second requests, sent because a first token was late"
)
KNOWLEDGE_MISSES = Counter(
    "warmline_media_knowledge_misses", "Turns answered without knowledge", ["why"]
)
IGNORED_ARGUMENTS = Counter(
    "warmline_media_ignored_tool_arguments", "Arguments that a model gave and no tool knows"
)
EVENTS_WAITING = Gauge("warmline_media_events_waiting", "Events not yet in Redis")
EVENTS_DROPPED = Counter(
    "warmline_media_events_dropped", "Measurements dropped while Redis was away"
)
MARKS_LOST = Counter("warmline_media_marks_lost", "Marks that the carrier never returned")
