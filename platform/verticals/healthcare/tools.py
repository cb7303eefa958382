"""Health care: what an agent may do for a practice."""

from verticals import booking
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
    return booking.book(
        request,
        needed={"reason": "what is the appointment for?", "name": "what name is the patient's?"},
        taken_on=queries.taken_on,
        write=lambda start: actions.book_appointment(
            request.call_id,
            said=request.arguments,
            start=start,
            business=request.business,
            now=request.now,
        ),
    )


def check_availability(request: ToolRequest) -> ToolAnswer:
    """Three free times spread over that day, or none."""
    day = booking.wanted_day(request)
    if isinstance(day, booking.Unclear):
        return booking.unclear(day.ask)
    free = booking.free_times(request, day, near=None, taken_on=queries.taken_on)
    return ToolAnswer(ok=True, result={"status": "ok", "free": free})


HANDLERS: dict[str, Handler] = {
    "book_appointment": book_appointment,
    "check_availability": check_availability,
    TRANSFER.name: transfer_to_person,
}
