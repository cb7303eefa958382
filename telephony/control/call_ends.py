"""What ends with a call: its stream, its plan, and whatever its token opened."""

from telephony import media_link
from telephony.calls.actions import StateChange
from telephony.control import regional_redis, slots
from telephony.errors import RegionAway
from tenants.call_tokens import CallClaims
from warmline.kernel.call import EndReason
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode


def close_after(change: StateChange) -> None:
    """Close the stream of a call that the agent has no more, and give its slots back.

    Done again it does nothing. A region whose Redis is away forgets the call when its plan expires.
    """
    if change.after not in ("handed_over", "ended"):
        return
    slots.release(change.region, change.leases, change.call_id)
    if change.region:
        _close(
            RegionCode(change.region),
            CallId(change.call_id),
            reason="transferred" if change.after == "handed_over" else "caller_hung_up",
        )


def is_over(call_id: CallId, claims: CallClaims) -> bool:
    """Whether the agent's part of the call has ended for good, as far as its region knows.

    While the region's Redis is away a call counts as going on until its token expires: it must not
    lose its tools by that.
    """
    region = RegionCode(claims.region)
    if not region or regional_redis.client(region) is None or regional_redis.backs_off(region):
        return False
    try:
        with regional_redis.asking(region) as client:
            end = media_link.stream_end(client, call_id)
    except RegionAway:
        return False
    return end is not None and end not in media_link.RESUMABLE


def _close(region: RegionCode, call_id: CallId, *, reason: EndReason) -> None:
    regional_redis.first_answer(
        lambda client: media_link.close_call(client, call_id, reason=reason), regions=[region]
    )
