"""The writes of this vertical, inside the bound tenant."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from verticals.booking import is_free
from verticals.errors import SlotTaken
from verticals.granting import hold_day, with_reference
from verticals.homeservices.models import Visit
from verticals.homeservices.queries import taken_on
from verticals.spoken.names import name_case, phrase_case
from verticals.types import Business
from warmline.kernel.ids import CallId

SCHEMA = "homeservices_voice"


def book_visit(
    call_id: CallId, *, said: Mapping[str, str], start: datetime, business: Business, now: datetime
) -> str:
    """Book the visit that was `said` (service, name, perhaps address) at `start`; its reference.

    Two callers who want the same time are served one after the other: the second gets `SlotTaken`.
    """
    hold_day(SCHEMA, start.date())
    taken = taken_on(start.date(), business.time_zone)
    if not is_free(start, business=business, taken=taken, now=now):
        raise SlotTaken(f"{start.isoformat()} is taken, past or outside opening hours")
    visit = with_reference(
        lambda reference: Visit.objects.create(
            call_id=call_id,
            reference=reference,
            service=phrase_case(said["service"]),
            customer_name=name_case(said["name"]),
            address=name_case(said.get("address", "")),
            starts_at=start,
            ends_at=start + timedelta(minutes=business.slot_minutes),
            as_said=dict(said),
        )
    )
    return visit.reference
