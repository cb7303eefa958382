"""Home services: what an agent may do for a plumber, an electrician, a cleaner."""

from verticals import booking
from verticals.homeservices import actions, queries
from verticals.spoken.numbers import digits_of
from verticals.transfer import TRANSFER, transfer_to_person
from verticals.types import Handler, ToolAnswer, ToolRequest
from warmline.kernel.vertical import Tool, ToolParameter, Vertical

VERTICAL = Vertical(
    slug="homeservices",
    title="Home services",
    schema=actions.SCHEMA,
    tools=(
        Tool(
            name="book_visit",
            description="book a home visit",
            parameters=(
                ToolParameter(name="service", description="what is to be done"),
                ToolParameter(name="day", description="day, as said"),
                ToolParameter(name="time", description="time, as said"),
                ToolParameter(name="name", description="caller's name"),
                ToolParameter(name="address", description="where to come", required=False),
            ),
            writes=True,
        ),
        Tool(
            name="check_status",
            description="look up a booking",
            parameters=(ToolParameter(name="reference", description="booking reference, as said"),),
            writes=False,
        ),
        TRANSFER,
    ),
)


def book_visit(request: ToolRequest) -> ToolAnswer:
    """Books the visit, or says which times are free that day, or asks what was meant."""
    return booking.book(
        request,
        needed={"service": "what should we come for?", "name": "what name is it under?"},
        taken_on=queries.taken_on,
        write=lambda start: actions.book_visit(
            request.call_id,
            said=request.arguments,
            start=start,
            business=request.business,
            now=request.now,
        ),
    )


def check_status(request: ToolRequest) -> ToolAnswer:
    """The state of the visit with that reference, or that there is none."""
    state = queries.state_of(digits_of(request.arguments["reference"]))
    if state is None:
        return ToolAnswer(ok=True, result={"status": "not found"})
    return ToolAnswer(ok=True, result={"status": "found", "state": state})


HANDLERS: dict[str, Handler] = {
    "book_visit": book_visit,
    "check_status": check_status,
    TRANSFER.name: transfer_to_person,
}
