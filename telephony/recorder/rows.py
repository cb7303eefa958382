"""What an event means for a call's rows. Pure."""

from collections.abc import Iterable
from functools import reduce
from typing import Any

import msgspec

from telephony.calls import call_state
from telephony.calls.call_state import Facts
from verticals.booking.types import BOOKED_STATUSES
from warmline.kernel.call import (
    CallAnswered,
    CallEnded,
    CallEvent,
    CarrierRoundTrip,
    ToolReturned,
    TurnTimed,
)
from warmline.kernel.regions import RegionCode
from warmline.kernel.text import fitted_json


class _Answer(msgspec.Struct, frozen=True):
    status: str = ""


_read_status = msgspec.json.Decoder(_Answer).decode


def kind(event: CallEvent) -> str:
    """The event's kind, as on the wire."""
    tag = event.happening.__struct_config__.tag
    return str(tag)


def payload(event: CallEvent) -> dict[str, Any]:
    """The happening's fields for a jsonb column, without the kind."""
    fields = msgspec.to_builtins(event.happening)
    fields.pop("type", None)
    kept: dict[str, Any] = fitted_json(fields)
    return kept


def facts(event: CallEvent) -> Facts:
    """What the event says about the call's state; most say nothing."""
    happening = event.happening
    if isinstance(happening, CallAnswered):
        return Facts(answered_at=event.at, human_answered=happening.audience == "screen")
    if isinstance(happening, CallEnded):
        return call_state.media_end(happening.reason, at=event.at)
    if isinstance(happening, ToolReturned):
        return Facts(booked=happening.ok and _status(happening.result) in BOOKED_STATUSES)
    return Facts()


def _status(result: str) -> str:
    """What a tool's answer says of itself; empty where it says nothing."""
    try:
        return _read_status(result).status
    except msgspec.MsgspecError:
        return ""


def bounds_a_stream(event: CallEvent) -> bool:
    """Whether it is the first or the last that a media process says of a call."""
    return isinstance(event.happening, CallAnswered | CallEnded)


def counts(event: CallEvent, *, newest_epoch: int) -> bool:
    """Whether it may move the call: the end told by a process that lost the call does not."""
    return not (isinstance(event.happening, CallEnded) and event.epoch < newest_epoch)


def region_now(events: Iterable[CallEvent], newest_epoch: int) -> RegionCode | None:
    """Where the call was taken up last, if these events tell it."""
    for event in events:
        if isinstance(event.happening, CallAnswered) and event.epoch == newest_epoch:
            return event.region
    return None


def facts_of_all(events: Iterable[CallEvent]) -> Facts:
    """What several events of one call say together, in any order."""
    return reduce(call_state.merge, (facts(event) for event in events), Facts())


def has_latency(event: CallEvent) -> bool:
    """Whether the event changes the call's latency figures."""
    return isinstance(event.happening, TurnTimed)


def has_round_trip(event: CallEvent) -> bool:
    """Whether the event says how far the carrier is."""
    return isinstance(event.happening, CarrierRoundTrip)


def percentile(values_ms: list[float], share: float) -> float | None:
    """The nearest-rank percentile; None of nothing."""
    if not values_ms:
        return None
    ordered = sorted(values_ms)
    rank = max(1, -(-len(ordered) * share // 1))
    return ordered[int(rank) - 1]
