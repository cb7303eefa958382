"""How many calls a pool can serve at the wanted latency, learnt from what its calls waited. Pure.

Slots say how many calls a replica may hold; how many it can answer in time depends on the machine,
and on who else works on it. The number follows what calls waited, as congestion control does: when
they wait too long it falls by a share of the calls that are held, while they do not it rises by one
at a time (Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance
in computer networks", Computer Networks and ISDN Systems, 1989).
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from warmline.kernel.roles import LLM, STT, TTS, Role

# Seconds that four in five answers of a role may take: together a turn is over its budget of 1.2 s
# from there on.
WANTED_S: Final[Mapping[Role, float]] = {STT: 0.8, LLM: 0.6, TTS: 0.6}
SHARE: Final = 0.8
# Fewer answers tell of one slow call.
FEWEST_ANSWERS: Final = 8
FALLS_TO: Final = 0.85  # of the calls held
# A turn is some five seconds: a fall shows its effect by then.
FALLS_AGAIN_S: Final = 6.0
RISES_AFTER_S: Final = 15.0
WELL_WITHIN: Final = 0.7  # of the wanted time


class Waits(msgspec.Struct, frozen=True):
    """What a pool's calls lately waited: how many answers, and the time of four in five."""

    answers: int
    seconds: float


class Pace(msgspec.Struct, frozen=True):
    """How many of a pool's slots are used, why it is not all, and since when (seconds of 1970)."""

    slots: int
    because: str
    at_s: float


def quantile(times: list[float]) -> float:
    """The time of four in five; 0 of none."""
    return sorted(times)[min(len(times) - 1, int(SHARE * len(times)))] if times else 0.0


def together(waits: list[Waits]) -> Waits:
    """What several processes' calls waited, the slower the more calls there were of it."""
    answers = sum(each.answers for each in waits)
    if not answers:
        return Waits(0, 0.0)
    return Waits(answers, sum(each.answers * each.seconds for each in waits) / answers)


def adjusted(
    pace: Pace | None, waits: Waits, *, role: Role, slots: int, held: int, now_s: float
) -> Pace | None:
    """The pace from now on; None where all of the pool's `slots` are used.

    `held` is how many calls have a slot now.
    """
    wanted_s = WANTED_S.get(role)
    if wanted_s is None or slots < 1:
        return None
    used = min(slots, pace.slots) if pace is not None else slots
    since_s = now_s - pace.at_s if pace is not None else RISES_AFTER_S
    is_known = waits.answers >= FEWEST_ANSWERS
    if is_known and waits.seconds > wanted_s and since_s >= FALLS_AGAIN_S and held > 0:
        fewer = max(1, min(used, int(FALLS_TO * held)))
        because = f"calls waited {waits.seconds:.1f} s for it with {held} held, not {wanted_s:g} s"
        return Pace(fewer, because, now_s)
    is_quick = not is_known or waits.seconds <= WELL_WITHIN * wanted_s
    if pace is not None and is_quick and since_s >= RISES_AFTER_S:
        more = used + 1
        return None if more >= slots else Pace(more, pace.because, now_s)
    return pace
