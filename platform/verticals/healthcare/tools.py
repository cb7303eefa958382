"""Health care: what an agent may do for a practice."""

from functools import partial

from verticals.booking import handlers
from verticals.healthcare.models import Appointment
from verticals.spoken.names import name_case, phrase_case
from verticals.transfer import TRANSFER, transfer_to_person
from verticals.types import Handler, ToolAnswer, ToolRequest
from warmline.kernel.vertical import ExtractionField, Starter, Tool, ToolParameter, Vertical

VERTICAL = Vertical(
    slug="healthcare",
    title="Health care",
    business_kind="a medical practice",
    tools=(
        Tool(
            name="book_appointment",
            description="book an appointment",
            parameters=(
                ToolParameter(name="reason", description="what it is for"),
                ToolParameter(name="day", description="day, as said", kind="day"),
                ToolParameter(name="time", description="time, as said", kind="time"),
                ToolParameter(name="name", description="caller's name", kind="name"),
            ),
            writes=True,
        ),
        Tool(
            name="check_availability",
            description="free times on a day",
            parameters=(ToolParameter(name="day", description="day, as said", kind="day"),),
            writes=False,
            title="look up free times",
        ),
        TRANSFER,
    ),
    extraction=(
        ExtractionField("patient_name", "the patient's name"),
        ExtractionField("reason", "what the appointment is for"),
        ExtractionField("preferred_time", "the day and time that suit the caller"),
        ExtractionField(
            "is_emergency", "whether the caller says that it is an emergency", "yes_no"
        ),
        ExtractionField(
            "is_new_patient", "whether the caller says that they were never here before", "yes_no"
        ),
    ),
    starter=Starter(
        facts=(
            ("hours", "monday to friday eight to six"),
            ("address", "twelve lake road"),
            ("price of a first visit", "sixty pounds"),
            ("insurance", "we take all public insurers"),
            ("emergencies", "for emergencies call nine one one"),
        ),
        vocabulary=("appointment", "prescription", "test results", "vaccination"),
    ),
)


def book_appointment(request: ToolRequest) -> ToolAnswer:
    """Books the appointment, or says which times are free that day, or asks what was meant."""
    said = request.arguments
    return handlers.book(
        request,
        model=Appointment,
        needed={"reason": "what is the appointment for?", "name": "what name is the patient's?"},
        columns={"reason": phrase_case(said["reason"]), "patient_name": name_case(said["name"])},
    )


HANDLERS: dict[str, Handler] = {
    "book_appointment": book_appointment,
    "check_availability": partial(handlers.check_availability, model=Appointment),
    TRANSFER.name: transfer_to_person,
}
