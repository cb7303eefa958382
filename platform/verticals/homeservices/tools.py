"""Home services: what an agent may do for a plumber, an electrician, a cleaner."""

from functools import partial

from verticals.booking import handlers
from verticals.homeservices.models import Visit
from verticals.spoken.names import address_case, name_case, phrase_case
from verticals.transfer import TRANSFER, transfer_to_person
from verticals.types import Handler, ToolAnswer, ToolRequest
from warmline.kernel.vertical import ExtractionField, Starter, Tool, ToolParameter, Vertical

VERTICAL = Vertical(
    slug="homeservices",
    title="Home services",
    business_kind="a home services company",
    tools=(
        Tool(
            name="book_visit",
            description="book a home visit",
            parameters=(
                ToolParameter(name="service", description="what is to be done"),
                ToolParameter(name="day", description="day, as said", kind="day"),
                ToolParameter(name="time", description="time, as said", kind="time"),
                ToolParameter(name="name", description="caller's name", kind="name"),
                ToolParameter(
                    name="address", description="where to come", required=False, kind="address"
                ),
            ),
            writes=True,
        ),
        Tool(
            name="check_status",
            description="look up a booking",
            parameters=(
                ToolParameter(
                    name="reference", description="booking reference, as said", kind="digits"
                ),
                ToolParameter(
                    name="name",
                    description="name it is under; ask for it when it is not found",
                    required=False,
                    kind="name",
                ),
            ),
            writes=False,
        ),
        TRANSFER,
    ),
    extraction=(
        ExtractionField("customer_name", "the caller's name"),
        ExtractionField("service", "what is to be done"),
        ExtractionField("address", "where to come"),
        ExtractionField("preferred_time", "the day and time that suit the caller"),
        ExtractionField("is_urgent", "whether the caller says that it is urgent", "yes_no"),
    ),
    starter=Starter(
        facts=(
            ("hours", "monday to friday eight to six"),
            ("address", "forty one mill street"),
            ("area", "all of rivertown and the villages along the river"),
            ("price of a call out", "ninety five dollars"),
            ("payment", "by card or cash when the work is done"),
        ),
        vocabulary=("leaking pipe", "drain cleaning", "water heater", "fuse box"),
    ),
)


def book_visit(request: ToolRequest) -> ToolAnswer:
    """Books the visit, or says which times are free that day, or asks what was meant."""
    said = request.arguments
    return handlers.book(
        request,
        model=Visit,
        needed={"service": "what should we come for?", "name": "what name is it under?"},
        columns={
            "service": phrase_case(said["service"]),
            "customer_name": name_case(said["name"]),
            "address": address_case(said.get("address", "")),
        },
    )


HANDLERS: dict[str, Handler] = {
    "book_visit": book_visit,
    "check_status": partial(handlers.check_status, model=Visit),
    TRANSFER.name: transfer_to_person,
}
