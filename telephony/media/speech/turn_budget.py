"""How long a caller waits for a stage of his turn before something is said. Pure."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from warmline.kernel.call import Stage

# Words are heard within 1.2 s of the caller's last one: 200 ms are left for their way to his ear.
FIRST_WORDS_MS: Final = 1_000.0
# Nobody hears nothing for over 2 s.
SILENCE_MS: Final = 1_600.0
# Whoever has heard nothing but short words for so long is told the truth, and put through.
PATIENCE_MS: Final = 12_000.0


@dataclass(frozen=True, slots=True)
class Wait:
    """What the caller waits for: a stage of his turn, and which tool where that is the stage."""

    stage: Stage
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long, on the call's clock in ms.

    `since_ms` is the caller's last word, or the end of the agent's own last one; `quiet_since_ms`
    the end of anything that was said since, short words among it, None for nothing yet.
    """

    since_ms: float
    quiet_since_ms: float | None = None


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Nothing is owed before `at_ms`."""

    at_ms: float


@dataclass(frozen=True, slots=True)
class SaySomething:
    """The caller has heard nothing for as long as he should."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No answer is coming."""


Decision: TypeAlias = LookAgain | SaySomething | GiveUp


def decide(waiting: Waiting, *, now_ms: float) -> Decision:
    """What is owed to a caller who waits.

    First words after a second, then whenever it has been quiet for 1.6 s; after twelve seconds the
    end. While something still plays, `quiet_since_ms` lies ahead.
    """
    quiet_since_ms = waiting.quiet_since_ms
    if quiet_since_ms is None:
        due_ms = waiting.since_ms + FIRST_WORDS_MS
    else:
        due_ms = quiet_since_ms + SILENCE_MS
    if now_ms < due_ms:
        return LookAgain(due_ms)
    return GiveUp() if now_ms - waiting.since_ms >= PATIENCE_MS else SaySomething()
