"""A call's state, from the facts that are known of it. Pure.

Facts come from two senders that know nothing of each other: the media plane's events and the
carrier's callbacks. They arrive twice, late and in any order. So facts only ever grow (`merge` is
commutative, associative and idempotent), and the state is a pure function of them: every order
gives the same end.
"""

from datetime import datetime
from typing import Literal, TypeVar, get_args

import msgspec

from warmline.kernel.call import EndReason

State = Literal["ringing", "live", "handed_over", "ended"]
STATES: tuple[State, ...] = get_args(State)
# What a call that is over came to, the first that fits: something was booked; a person took it
# over; a message was left; nobody was there; the carrier or we refused it; it broke; a person
# answered it from the start (shadow mode); the agent answered it. Empty while it goes on.
Outcome = Literal[
    "",
    "booked",
    "handed_over",
    "voicemail",
    "missed",
    "refused",
    "failed",
    "answered_by_person",
    "answered",
]
OUTCOMES: tuple[Outcome, ...] = tuple(filter(None, get_args(Outcome)))
END_REASONS: tuple[EndReason, ...] = get_args(EndReason)

# What may follow what; a state never returns.
FORWARD: dict[State, frozenset[State]] = {
    "ringing": frozenset({"live", "handed_over", "ended"}),
    "live": frozenset({"handed_over", "ended"}),
    "handed_over": frozenset({"ended"}),
    "ended": frozenset(),
}

# How far the carrier says a call has come; each carrier's folder turns its own words into these.
# Empty: it said nothing of use.
CarrierStatus = Literal[
    "",
    "queued",
    "initiated",
    "ringing",
    "in-progress",
    "no-answer",
    "busy",
    "canceled",
    "failed",
    "completed",
]
# In the order in which they can follow one another.
CARRIER_RANK: dict[str, int] = {status: rank for rank, status in enumerate(get_args(CarrierStatus))}
_OVER_FROM = CARRIER_RANK["no-answer"]
_REASON_OF_CARRIER: dict[str, EndReason] = {
    "completed": "caller_hung_up",
    "canceled": "caller_hung_up",
    "no-answer": "caller_hung_up",
    "busy": "refused",
    "failed": "stream_lost",
}
_BROKEN: frozenset[EndReason] = frozenset({"stream_lost", "media_failed", "no_capacity"})
# The stream is over, the carrier's call is not: its next verb dials a person.
_TRANSFERS: frozenset[EndReason] = frozenset({"transferred", "media_failed", "no_capacity"})


class Ending(msgspec.Struct, frozen=True, order=True):
    """A moment and the reason given for it."""

    at: datetime
    reason: EndReason


Moment = TypeVar("Moment", datetime, Ending)


class Facts(msgspec.Struct, frozen=True):
    """What is known of a call.

    Each field only moves one way, so the order of arrival does not matter. answered_at: when anyone
    first answered. finished: the media plane's last word; nothing is left but to hang up.
    transferred: no agent from here on, a person is dialled. lost_at: when a stream last broke.
    carrier_status: the furthest by `CARRIER_RANK`. swept: nobody holds the call any more.
    booked: a tool booked something for the caller. message_left: the caller left a message.
    """

    answered_at: datetime | None = None
    finished: Ending | None = None
    transferred: Ending | None = msgspec.field(default=None, name="handed")
    lost_at: datetime | None = None
    human_answered: bool = False
    carrier_status: str = ""
    carrier_ended_at: datetime | None = None
    swept: Ending | None = None
    booked: bool = False
    message_left: bool = False


class CallState(msgspec.Struct, frozen=True):
    """What the facts amount to. `ended` is set exactly when the state is ended."""

    state: State
    answered_at: datetime | None
    ended: Ending | None


def merge(known: Facts, more: Facts) -> Facts:
    """Both sides' facts in one; the same for any order and any repetition."""
    return Facts(
        answered_at=_earliest(known.answered_at, more.answered_at),
        finished=_earliest(known.finished, more.finished),
        transferred=_earliest(known.transferred, more.transferred),
        lost_at=_latest(known.lost_at, more.lost_at),
        human_answered=known.human_answered or more.human_answered,
        carrier_status=max(known.carrier_status, more.carrier_status, key=CARRIER_RANK.__getitem__),
        carrier_ended_at=_earliest(known.carrier_ended_at, more.carrier_ended_at),
        swept=_earliest(known.swept, more.swept),
        booked=known.booked or more.booked,
        message_left=known.message_left or more.message_left,
    )


def state_of(facts: Facts) -> CallState:
    """The state that these facts amount to, with the reason of the end where there is one."""
    ended = _ending(facts)
    if ended is not None:
        return CallState("ended", facts.answered_at, ended)
    if facts.transferred is not None:
        return CallState("handed_over", facts.answered_at, None)
    if facts.answered_at is not None:
        return CallState("live", facts.answered_at, None)
    return CallState("ringing", None, None)


def outcome_of(facts: Facts) -> Outcome:
    """What the call came to, as far as these facts go; empty while it is not over."""
    ended = _ending(facts)
    if ended is None:
        return ""
    transferred = facts.transferred is not None
    first_that_fits: tuple[tuple[bool, Outcome], ...] = (
        (facts.booked, "booked"),
        (transferred and facts.human_answered, "handed_over"),
        (facts.message_left, "voicemail"),
        (ended.reason == "refused", "refused"),
        (facts.human_answered, "answered_by_person"),
        (transferred or facts.answered_at is None, "missed"),
        (ended.reason in _BROKEN, "failed"),
        (True, "answered"),
    )
    return next(outcome for fits, outcome in first_that_fits if fits)


def agent_over_at(facts: Facts) -> datetime | None:
    """When the agent's part of the call ended for good: with the call, or as a person took it.

    None while the agent has it, or may be given it again.
    """
    ended = _ending(facts)
    return _earliest(
        facts.transferred.at if facts.transferred else None, ended.at if ended else None
    )


def media_end(reason: EndReason, *, at: datetime) -> Facts:
    """What the media plane's last event of a stream says."""
    if reason == "stream_lost":
        return Facts(lost_at=at)
    if reason in _TRANSFERS:
        return Facts(transferred=Ending(at, reason))
    return Facts(finished=Ending(at, reason))


def carrier_says(status: str, *, at: datetime) -> Facts:
    """What one status callback says; a word that is no `CarrierStatus` says nothing."""
    rank = CARRIER_RANK.get(status, 0)
    if not rank:
        return Facts()
    return Facts(
        carrier_status=status,
        answered_at=at if status == "in-progress" else None,
        carrier_ended_at=at if rank >= _OVER_FROM else None,
    )


def _ending(facts: Facts) -> Ending | None:
    if facts.finished is not None:
        return facts.finished
    if facts.carrier_ended_at is not None:
        return Ending(facts.carrier_ended_at, _reason_on_hang_up(facts))
    return facts.swept


def _reason_on_hang_up(facts: Facts) -> EndReason:
    if facts.transferred is not None:
        return facts.transferred.reason
    if facts.human_answered:
        return "human_answered"
    return _REASON_OF_CARRIER[facts.carrier_status]


def _earliest(one: Moment | None, other: Moment | None) -> Moment | None:
    return min(one, other) if one and other else one or other


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other
