"""What the demo's calls came to, read back from the database as anybody would find it there."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dashboard.demo.scenario import DemoCall
from programs.carrier_simulator.results import CallResult
from shadow import queries as shadow
from telephony.calls import queries as telephony
from tenants import queries as tenants
from tenants.context import as_tenant
from verticals.booking.queries import bookings_of_call
from warmline.kernel.ids import TenantId
from warmline.kernel.vertical import schema_of


@dataclass(frozen=True, slots=True)
class Booked:
    """A row that a call wrote. `at` is on the business's own clock."""

    what: str
    who: str
    at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One call as its caller and the database tell of it.
    `replies_ms` is end of speech → first audio heard.
    """

    call: DemoCall
    result: CallResult
    call_id: UUID | None = None
    region: str = ""
    replica: str = ""
    booked: tuple[Booked, ...] = ()
    shadow_score: float | None = None
    replies_ms: tuple[float, ...] = ()
    problems: tuple[str, ...] = field(default=())


def outcome(call: DemoCall, result: CallResult, *, tenant_id: TenantId) -> Outcome:
    """Read a finished call back; what is wrong with it stands in `problems`."""
    with as_tenant(tenant_id):
        row = telephony.call_by_carrier(result.call_sid)
        if row is None:
            return Outcome(
                call, result, problems=(result.failed or "there is no row of this call",)
            )
        page = telephony.call_page(row.pk)
        tenant = tenants.tenant()
        schema = schema_of(tenant.vertical)
        booked = _booked(row.pk, zone=ZoneInfo(tenant.time_zone))
        score = shadow.score_of_call(row.pk) if call.shadow else None
    return Outcome(
        call,
        result,
        call_id=row.pk,
        region=row.region,
        replica=", ".join(page.replicas),
        booked=booked,
        shadow_score=score,
        replies_ms=() if call.shadow else tuple(result.replies_ms),
        problems=_problems(call, result, booked=booked, score=score, schema=schema),
    )


def _problems(
    call: DemoCall,
    result: CallResult,
    *,
    booked: tuple[Booked, ...],
    score: float | None,
    schema: str,
) -> tuple[str, ...]:
    found = [result.failed] if result.failed else []
    found += [f"no answer to: {text}" for text in result.unanswered]
    found += [f"the caller waited in vain: {why}" for why in result.gave_up]
    if call.shadow:
        if booked:
            found.append("the shadow wrote a booking")
        if score is None:
            found.append("the shadowed call has no score")
    elif not booked:
        found.append(f"no booking in {schema}")
    return tuple(found)


def _booked(call_id: UUID, *, zone: ZoneInfo) -> tuple[Booked, ...]:
    return tuple(
        Booked(line.what, line.who, line.starts_at.astimezone(zone), line.reference)
        for line in bookings_of_call(call_id)
    )
