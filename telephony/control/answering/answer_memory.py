"""What carriers' questions were answered before, and how calls ended that only another region knows
of: in any region's Redis, for as long as a call lasts.

`carrier:{call}` holds how a carrier's call was answered, so that its copies get the same answer and
a commit whose outcome was lost is not done twice; `moved:{call}:{attempt}` what the carrier was
told when its call moved to another region; `ended:{call id}:{region}` why a call ended in a region
whose own Redis was away. A call's name decides which region remembers it, and the next one does
when that is away.
"""

from collections.abc import Callable
from typing import Final, TypeVar, cast

import msgspec
import redis

from telephony.control.regional_redis import at_hand, first_answer, in_each_region, in_turn
from telephony.types import FIRST_CARRIER, AnsweredCall
from warmline.kernel.call import EndReason
from warmline.kernel.errors import Unavailable
from warmline.kernel.regions import RegionCode

_KEEP_S: Final = 4 * 3600

Kept = TypeVar("Kept", bound=msgspec.Struct)


class FailoverAnswer(msgspec.Struct, frozen=True):
    """What the carrier was told when its call went to another region."""

    region: RegionCode
    answer: str


_decode_call = msgspec.json.Decoder(AnsweredCall).decode
_decode_failover = msgspec.json.Decoder(FailoverAnswer).decode


def call_name(carrier_call_id: str, *, carrier: str) -> str:
    """What a carrier's call is remembered by: two carriers may give their calls the same id."""
    return carrier_call_id if carrier == FIRST_CARRIER else f"{carrier}:{carrier_call_id}"


def call_key(name: str) -> str:
    """Where the answer to the call of that name is remembered."""
    return f"carrier:{name}"


def remember_call(call: AnsweredCall) -> AnsweredCall:
    """Remember how the call was answered; if a copy was quicker, what that one was answered.

    Without any Redis the call is answered all the same.
    """
    name = call_name(call.carrier_call_id, carrier=call.carrier)
    return _keep_first(call_key(name), call, decode=_decode_call, among=name)


def recall_call(carrier_call_id: str, *, carrier: str) -> AnsweredCall | None:
    """How the carrier's call was answered, from whichever region remembers it."""
    name = call_name(carrier_call_id, carrier=carrier)
    return first_answer(
        lambda client: _read(client, call_key(name), decode=_decode_call),
        regions=in_turn(name=name),
    )


def note_failover(moved: AnsweredCall, *, region: RegionCode, leases: tuple[str, ...]) -> None:
    """Have every reachable region remember that the call is in another region now."""
    name = call_name(moved.carrier_call_id, carrier=moved.carrier)
    key, regions = call_key(name), at_hand(name=name)
    call = first_answer(lambda client: _read(client, key, decode=_decode_call), regions=regions)
    if call is None:
        return
    raw = msgspec.json.encode(msgspec.structs.replace(call, region=region, leases=leases))
    first_answer(lambda client: client.set(key, raw, ex=_KEEP_S), regions=regions)
    in_each_region(lambda _, client: client.set(key, raw, xx=True, ex=_KEEP_S), regions=regions)


def remember_failover(question: str, answer: FailoverAnswer) -> FailoverAnswer:
    """Remember the answer to a question; if a copy was quicker, what that one was answered."""
    return _keep_first(f"moved:{question}", answer, decode=_decode_failover, among=question)


def recall_failover(question: str) -> FailoverAnswer | None:
    """What this very question was answered before, from a region that does not back off.

    Mostly nothing is found, so nobody is waited for.
    """
    return first_answer(
        lambda client: _read(client, f"moved:{question}", decode=_decode_failover),
        regions=at_hand(name=question),
    )


def remember_end(call_id: str, *, region: str, reason: EndReason) -> None:
    """Remember why a call ended in a region whose own Redis could not be told.

    `Unavailable` when no other one can be.
    """
    key = _end_key(call_id, region)
    if not first_answer(
        lambda client: client.set(key, reason, ex=_KEEP_S), regions=in_turn(name=call_id)
    ):
        raise Unavailable("no region's Redis can keep this now")


def recall_end(call_id: str, *, region: str) -> EndReason | None:
    """Why a call ended in a region whose own Redis is away; None when nobody told."""
    raw = first_answer(
        lambda client: client.get(_end_key(call_id, region)), regions=at_hand(name=call_id)
    )
    return cast("EndReason", raw.decode()) if isinstance(raw, bytes) else None


def _end_key(call_id: str, region: str) -> str:
    return f"ended:{call_id}:{region}"


def _read(client: "redis.Redis", key: str, *, decode: "Callable[[bytes], Kept]") -> "Kept | None":
    raw = client.get(key)
    return decode(raw) if isinstance(raw, bytes) else None


def _keep_first(key: str, value: Kept, *, decode: "Callable[[bytes], Kept]", among: str) -> Kept:
    """Keep the value unless there is one already; which of them counts."""
    raw = msgspec.json.encode(value)

    def keep(client: "redis.Redis") -> Kept:
        earlier = client.set(key, raw, nx=True, get=True, ex=_KEEP_S)
        return decode(earlier) if isinstance(earlier, bytes) else value

    return first_answer(keep, regions=in_turn(name=among)) or value
