"""The turn machine: whose turn it is, as a table. Pure: it never waits and touches nothing.

`apply` looks an event up and says what the session must now do. An event that a state does not know
changes nothing: late marks and doubled signals are normal on a telephone line.
"""

from dataclasses import dataclass
from typing import Final, Literal

TurnState = Literal[
    "opening", "listening", "caller", "settling", "thinking", "speaking", "closing", "ended"
]
TurnEvent = Literal[
    "opened",  # the stream is ours, the plan is read
    "caller_starts",
    "caller_pauses",  # a first guess at the end of the turn: STT and LLM may start ahead
    "caller_ends",  # silence long enough: the turn is the agent's
    "heard_nothing",  # the turn held no words, or none that want an answer
    "agent_thinks",  # an answer that was held is on its way again
    "agent_speaks",  # the first audio of an answer went out
    "agent_done",  # everything said has been played, and nothing more comes
    "agent_leaves",  # the answer that is being said is the last one
    "hang_up",
]
Effect = Literal[
    "greet",
    "open_turn",  # a caller's turn begins
    "settle",  # ask for the text so far, and think ahead
    "forget_ahead",  # the caller goes on: what was thought ahead is void
    "commit_turn",
    "drop_turn",
    "hold",  # silence the agent until it is known what is said over it
    "hold_back",  # the same for an answer of which nothing was audible
    "take_up",  # go on with what is held
    "end",
]


@dataclass(frozen=True, slots=True)
class Transition:
    """One cell of the table."""

    next: TurnState
    effects: tuple[Effect, ...] = ()


TABLE: Final[dict[TurnState, dict[TurnEvent, Transition]]] = {
    "opening": {
        "opened": Transition("speaking", ("greet",)),
        "hang_up": Transition("ended", ("end",)),
    },
    "listening": {
        "caller_starts": Transition("caller", ("open_turn",)),
        "agent_thinks": Transition("thinking"),
        "agent_speaks": Transition("speaking"),
        "agent_leaves": Transition("closing"),
        "hang_up": Transition("ended", ("end",)),
    },
    "caller": {
        "caller_pauses": Transition("settling", ("settle",)),
        "caller_ends": Transition("thinking", ("settle", "commit_turn")),
        "heard_nothing": Transition("listening", ("drop_turn", "take_up")),
        "hang_up": Transition("ended", ("end",)),
    },
    "settling": {
        "caller_starts": Transition("caller", ("forget_ahead",)),
        "caller_ends": Transition("thinking", ("commit_turn",)),
        "heard_nothing": Transition("listening", ("drop_turn", "take_up")),
        "hang_up": Transition("ended", ("end",)),
    },
    "thinking": {
        "caller_starts": Transition("caller", ("hold_back", "open_turn")),
        "agent_speaks": Transition("speaking"),
        "heard_nothing": Transition("listening", ("drop_turn", "take_up")),
        "agent_done": Transition("listening"),
        "agent_leaves": Transition("closing"),
        "hang_up": Transition("ended", ("end",)),
    },
    "speaking": {
        "caller_starts": Transition("caller", ("hold", "open_turn")),
        "agent_done": Transition("listening"),
        "agent_leaves": Transition("closing"),
        "hang_up": Transition("ended", ("end",)),
    },
    "closing": {
        # A caller's "bye" over ours must not keep the line open.
        "agent_done": Transition("ended", ("end",)),
        "hang_up": Transition("ended", ("end",)),
    },
    "ended": {},
}


class TurnMachine:
    """One call's place in the table."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state: TurnState = "opening"

    def apply(self, event: TurnEvent) -> tuple[Effect, ...]:
        """The effects to perform, in order; none when the state does not know the event."""
        step = TABLE[self.state].get(event)
        if step is None:
            return ()
        self.state = step.next
        return step.effects
