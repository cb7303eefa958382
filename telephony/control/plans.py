"""The frozen plan of a call, from what its number leads to and where it was sent. Pure."""

from collections.abc import Collection, Sequence
from typing import Final

from inference.types import PURPOSES, Pool, RegionChoice, Snapshot
from telephony.types import SlotRequest
from warmline.kernel.call import CallPlan, PoolRung, Purpose
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import EMBED, Role


def ladder(
    snapshot: Snapshot,
    order: Sequence[RegionCode],
    roles: Sequence[Role],
    *,
    leased: Collection[str] = (),
) -> tuple[PoolRung, ...]:
    """Where each role's answers may come from, over the regions that the residency allows, the
    chosen one first.

    The pools meant for calls, region by region; then the smaller models in the same order of
    regions; then the hosted providers. A pool that holds the call's slot (`leased`) comes before
    all others of its role.
    """
    pools = [
        pool
        for role in roles
        if role != EMBED
        for purpose in PURPOSES
        for region in order
        for pool in snapshot.pools_by_place.get((region, role), ())
        if pool.purpose == purpose
    ]
    pools.sort(key=lambda pool: (roles.index(pool.role), pool.name not in leased))
    return tuple(
        PoolRung(
            region=pool.region,
            role=pool.role,
            model=pool.model,
            base_url=pool.fixed_url,
            because=_because(pool, order, is_leased=pool.name in leased),
            purpose=pool.purpose,
        )
        for pool in pools
    )


_STANDS: Final[dict[Purpose, str]] = {
    "calls": "meant for calls",
    "stand_in": "a smaller model, when no pool meant for calls answers",
    "hosted": "a hosted provider, when none of our own models answers",
}


def _because(pool: Pool, order: Sequence[RegionCode], *, is_leased: bool) -> str:
    place = order.index(pool.region)
    where = "the chosen region" if place == 0 else f"{pool.region}, next after {order[place - 1]}"
    return f"{_STANDS[pool.purpose]}; {where}" + ("; holds the call's slot" if is_leased else "")


def make_plan(
    request: SlotRequest,
    *,
    snapshot: Snapshot,
    choice: RegionChoice,
    leases: tuple[str, ...],
    token: str,
    until: float,
    ticket_until: float,
    web_url: str,
) -> CallPlan:
    """The plan that the media plane reads once."""
    number, call = request.number, request.call
    return CallPlan(
        call_id=request.call_id,
        tenant_id=number.tenant_id,
        carrier=call.carrier,
        carrier_call_id=call.carrier_call_id,
        vertical=number.vertical,
        agent=request.agent,
        region=choice.region,
        ladder=ladder(snapshot, choice.within_residency, request.roles, leased=leases),
        routing_because=choice.because,
        audience=number.audience,
        token=token,
        until=until,
        ticket=call.ticket,
        ticket_until=ticket_until if call.ticket else 0.0,
        web_url=web_url,
        human_number=number.human_number or None,
        caller_number=call.caller,
        leases=leases,
    )


def routing_reasons(choice: RegionChoice) -> dict[str, object]:
    """The routing decision with its numbers, as the call's row keeps it and its page shows it."""
    return {
        "because": choice.because,
        "caller_place": choice.caller_place,
        "scores": [
            {
                "region": score.region,
                "score": round(score.total_ms, 1),
                "text": score.refused
                or f"{score.round_trip_ms:.0f} ms away, first word in {score.first_word_ms:.0f} ms"
                + (f", {score.penalty_ms:.0f} ms as its slots run out" if score.penalty_ms else ""),
            }
            for score in choice.scores
        ],
    }
