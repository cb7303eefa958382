"""Health care: what an agent may do for a practice."""

from datetime import date, time

from verticals import booking
from verticals.errors import SlotTaken
from verticals.healthcare import actions, queries
from verticals.transfer import TRANSFER, transfer_to_person
from verticals.types import Handler, ToolAnswer, ToolRequest
from warmline.kernel.vertical import Tool, ToolParameter, Vertical

VERTICAL = Vertical(
    slug="healthcare",
    title="Health care",
    schema=actions.SCHEMA,
    tools=(
        Tool(
            name="book_appointment",
            description="book an appointment",
            parameters=(
                ToolParameter(name="reason", description="what it is for"),
                ToolParameter(name="day", description="day, as said"),
                ToolParameter(name="time", description="time, as said"),
                ToolParameter(name="name", description="caller's name"),
            ),
            writes=True,
        ),
        Tool(
            name="check_availability",
            description="free times on a day",
            parameters=(ToolParameter(name="day", description="day, as said"),),
            writes=False,
        ),
        TRANSFER,
    ),
)


def book_appointment(request: ToolRequest) -> ToolAnswer:
    """Books the appointment, or says which times are free that day, or asks what was meant."""
    wanted = booking.wanted_start(request)
    if isinstance(wanted, booking.Unclear):
        return booking.unclear(wanted.ask)
    for needed, ask in (("reason", "what is the appointment for?"), ("name", "what name is the patient's?")):
        if not request.arguments[needed].strip():
            return booking.unclear(ask)
    try:
        reference = actions.book_appointment(
            request.call_id, said=request.arguments, start=wanted.start, business=request.business, now=request.now
        )
    except SlotTaken:
        return booking.unavailable(_free(request, day=wanted.start.date(), near=wanted.start.time()))
    return booking.booked(reference)


def check_availability(request: ToolRequest) -> ToolAnswer:
    """Three free times spread over that day, or none."""
    day = booking.wanted_day(request)
    if isinstance(day, booking.Unclear):
        return booking.unclear(day.ask)
    return ToolAnswer(ok=True, result={"status": "ok", "free": _free(request, day=day, near=None)})


def _free(request: ToolRequest, *, day: date, near: time | None) -> str:
    business = request.business
    taken = queries.taken_on(day, time_zone=business.time_zone)
    starts = booking.free_starts(day, business=business, taken=taken, now=request.now)
    return booking.spoken_times(booking.nearest(starts, to=near), business=business)


HANDLERS: dict[str, Handler] = {
    "book_appointment": book_appointment,
    "check_availability": check_availability,
    TRANSFER.name: transfer_to_person,
}
