"""A call's own credential: opens its stream, its tools, its knowledge, and nothing else."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core import signing

from tenants.errors import BadCredential
from warmline.kernel.ids import CallId, TenantId

_SALT = "warmline.call"


@dataclass(frozen=True, slots=True)
class CallClaims:
    """What a call's token says: whose call, which tools, which knowledge, from which number."""

    tenant_id: TenantId
    tools: tuple[str, ...]
    knowledge: str
    region: str = ""
    caller_number: str = ""


# Asked of a call whose token is good: has it ended? Calls are known to an app above this one.
EndLookup = Callable[[CallId, CallClaims], bool]
_end_lookups: list[EndLookup] = []


def ask_for_ends(lookup: EndLookup) -> None:
    """Have `require_open` ask `lookup` too."""
    if lookup not in _end_lookups:
        _end_lookups.append(lookup)


def issue(
    call_id: CallId,
    tenant_id: TenantId,
    tools: Sequence[str],
    knowledge: str,
    max_age_s: int,
    *,
    region: str = "",
    caller_number: str = "",
) -> str:
    """A token for one call, good for `max_age_s` seconds while the call lasts: signed, not secret.

    `region` is where the call's end is known first.
    """
    claims = {
        "call": call_id,
        "tenant": tenant_id,
        "tools": list(tools),
        "knowledge": knowledge,
        "region": region,
        "until": int(time.time()) + max_age_s,
        "caller": caller_number,
    }
    return signing.dumps(claims, salt=_SALT, compress=True)


def verify(token: str, call_id: CallId) -> CallClaims:
    """What the token says; `BadCredential` when it is forged, expired or another call's."""
    try:
        claims = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise BadCredential("call token: the signature is not ours") from None
    if claims["until"] < time.time():
        raise BadCredential("call token: expired")
    if claims["call"] != call_id:
        raise BadCredential("call token: belongs to another call")
    return CallClaims(
        tenant_id=TenantId(claims["tenant"]),
        tools=tuple(claims["tools"]),
        knowledge=claims["knowledge"],
        region=claims.get("region", ""),
        # Tokens of an earlier version name no caller.
        caller_number=claims.get("caller", ""),
    )


def require_open(call_id: CallId, claims: CallClaims) -> None:
    """Return while the call goes on; `BadCredential` once it has ended."""
    if any(has_ended(call_id, claims) for has_ended in _end_lookups):
        raise BadCredential("call token: the call has ended")
