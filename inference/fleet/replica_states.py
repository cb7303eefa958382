"""A replica's states as a table: {state: {event: next state}}.

Pure: each step's time is kept by who applies it.
"""

from collections.abc import Mapping
from typing import Final, Literal

from inference.errors import WrongTransition
from inference.types import ReplicaState

ReplicaEvent = Literal[
    "start", "load", "listen", "primed", "drain", "recall", "sleep", "wake", "woken", "stop", "fail"
]

TABLE: Final[dict[ReplicaState, dict[ReplicaEvent, ReplicaState]]] = {
    "cold": {"start": "starting", "stop": "stopped", "fail": "failed"},
    # The process is asked for. `load`: its log says that the model is being loaded. `listen`: its
    # socket answers.
    "starting": {"load": "loading", "listen": "priming", "stop": "stopped", "fail": "failed"},
    "loading": {"listen": "priming", "stop": "stopped", "fail": "failed"},
    # Real requests run on it. Only their right answers make it warm.
    "priming": {"primed": "warm", "stop": "stopped", "fail": "failed"},
    "warm": {"drain": "draining", "fail": "failed"},
    # No new calls; the ones on it end by themselves. `recall`: it is needed after all, and has been
    # warm all along.
    "draining": {"recall": "warm", "stop": "stopped", "sleep": "asleep", "fail": "failed"},
    "asleep": {"wake": "waking", "stop": "stopped", "fail": "failed"},
    "waking": {"woken": "priming", "stop": "stopped", "fail": "failed"},
    "stopped": {},
    "failed": {},
}

IN_TRANSIT: Final[frozenset[ReplicaState]] = frozenset(
    {"cold", "starting", "loading", "priming", "waking"}
)
OVER: Final[frozenset[ReplicaState]] = frozenset({"stopped", "failed"})

# The stages of a start in their order, as a replica's log and its probes tell them.
STAGES: Final = (
    *("schedule", "pull", "import", "configure", "model", "weights", "compile", "graphs", "engine"),
    *("listen", "prime", "warm", "sleep", "wake"),
)


def in_order(stages_s: Mapping[str, float]) -> dict[str, float]:
    """Stages in the order of a start, whatever order they were kept in.

    Those of another kind come last.
    """
    known = {stage: place for place, stage in enumerate(STAGES)}
    return dict(sorted(stages_s.items(), key=lambda stage: known.get(stage[0], len(known))))


def after(state: ReplicaState, event: ReplicaEvent) -> ReplicaState:
    """The state that follows; an event that the state does not know is `WrongTransition`."""
    following = TABLE[state].get(event)
    if following is None:
        known = ", ".join(TABLE[state]) or "none: it is over"
        raise WrongTransition(f"a replica that is {state} cannot {event} (it can: {known})")
    return following
