"""Where a call stands, from the facts that are known of it.

Facts come from two senders that know nothing of each other: the media plane's events and the
carrier's callbacks. They arrive twice, late and in any order. So facts only ever grow (`merge` is
commutative, associative and idempotent), and the standing is a pure function of them: every order
gives the same end.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from warmline.kernel.call import EndReason

State = Literal["ringing", "live", "handed_over", "ended"]
STATES: tuple[State, ...] = get_args(State)
END_REASONS: tuple[EndReason, ...] = get_args(EndReason)

# What may follow what; a state never returns.
FORWARD: dict[State, frozenset[State]] = {
    "ringing": frozenset({"live", "handed_over", "ended"}),
    "live": frozenset({"handed_over", "ended"}),
    "handed_over": frozenset({"ended"}),
    "ended": frozenset(),
}

# Twilio's call statuses in the order in which they can follow one another
# (https://www.twilio.com/docs/voice/api/call-resource#call-status-values).
CARRIER_RANK: dict[str, int] = {
    "": 0, "queued": 1, "initiated": 2, "ringing": 3, "in-progress": 4,
    "no-answer": 5, "busy": 6, "canceled": 7, "failed": 8, "completed": 9,
}  # fmt: skip
_OVER_FROM = CARRIER_RANK["no-answer"]
_REASON_OF_CARRIER: dict[str, EndReason] = {
    "completed": "caller_hung_up",
    "canceled": "caller_hung_up",
    "no-answer": "caller_hung_up",
    "busy": "refused",
    "failed": "stream_lost",
}
# The stream is over, the carrier's call is not: its next verb dials a person.
_HANDS_OVER: frozenset[EndReason] = frozenset({"transferred", "media_failed", "no_capacity"})


@dataclass(frozen=True, slots=True, order=True)
class Ending:
    """A moment and the reason given for it."""

    at: datetime
    reason: EndReason


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a call. Each field only moves one way, so the order of arrival does not
    matter.

    answered_at: when anyone first answered. finished: the media plane's last word; nothing is left
    but to hang up. handed: no agent from here on, a person is dialled. lost_at: when a stream last
    broke. carrier_status: the furthest by `CARRIER_RANK`. swept: nobody holds the call any more.
    """

    answered_at: datetime | None = None
    finished: Ending | None = None
    handed: Ending | None = None
    lost_at: datetime | None = None
    human_answered: bool = False
    carrier_status: str = ""
    carrier_ended_at: datetime | None = None
    swept: Ending | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the facts amount to. `ended` is set exactly when the state is ended."""

    state: State
    answered_at: datetime | None
    ended: Ending | None


def merge(known: Facts, more: Facts) -> Facts:
    """Both sides' facts in one; the same for any order and any repetition."""
    return Facts(
        answered_at=_earliest(known.answered_at, more.answered_at),
        finished=_first(known.finished, more.finished),
        handed=_first(known.handed, more.handed),
        lost_at=_latest(known.lost_at, more.lost_at),
        human_answered=known.human_answered or more.human_answered,
        carrier_status=max(known.carrier_status, more.carrier_status, key=CARRIER_RANK.__getitem__),
        carrier_ended_at=_earliest(known.carrier_ended_at, more.carrier_ended_at),
        swept=_first(known.swept, more.swept),
    )


def standing(facts: Facts) -> Standing:
    """The state that these facts amount to, with the reason of the end where there is one."""
    ended = _ending(facts)
    if ended is not None:
        return Standing("ended", facts.answered_at, ended)
    if facts.handed is not None:
        return Standing("handed_over", facts.answered_at, None)
    if facts.answered_at is not None:
        return Standing("live", facts.answered_at, None)
    return Standing("ringing", None, None)


def media_end(reason: EndReason, *, at: datetime) -> Facts:
    """What the media plane's last event of a stream says."""
    if reason == "stream_lost":
        return Facts(lost_at=at)
    if reason in _HANDS_OVER:
        return Facts(handed=Ending(at, reason))
    return Facts(finished=Ending(at, reason))


def carrier_says(status: str, *, at: datetime) -> Facts:
    """What one status callback says; a status that is not among `CARRIER_RANK` says nothing."""
    rank = CARRIER_RANK.get(status, 0)
    if not rank:
        return Facts()
    answered = at if status == "in-progress" else None
    return Facts(
        carrier_status=status,
        answered_at=answered,
        carrier_ended_at=at if rank >= _OVER_FROM else None,
    )


def _ending(facts: Facts) -> Ending | None:
    if facts.finished is not None:
        return facts.finished
    if facts.carrier_ended_at is not None:
        return Ending(facts.carrier_ended_at, _reason_on_hang_up(facts))
    return facts.swept


def _reason_on_hang_up(facts: Facts) -> EndReason:
    if facts.handed is not None:
        return facts.handed.reason
    if facts.human_answered:
        return "human_answered"
    return _REASON_OF_CARRIER[facts.carrier_status]


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one and other else one or other


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


def _first(one: Ending | None, other: Ending | None) -> Ending | None:
    return min(one, other) if one and other else one or other
