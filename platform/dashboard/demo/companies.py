"""The two companies of the demo, and what their agents know.
Invented; the numbers are reserved for fiction.
"""

from dataclasses import dataclass
from datetime import time

from agents.types import Fact
from dashboard.demo.scenario import CLINIC, PERSON, PLUMBER, PLUMBER_SHADOWED
from telephony.types import Mode
from verticals.types import Hours

CLINIC_PERSON = "+442071230299"


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """A tenant with one agent, its numbers and its knowledge. `documents` are title and text."""

    slug: str
    name: str
    vertical: str
    time_zone: str
    human_number: str
    agent: str
    greeting: str
    week: tuple[Hours | None, ...]
    facts: tuple[Fact, ...]
    documents: tuple[tuple[str, str], ...]
    vocabulary: tuple[str, ...]
    numbers: tuple[tuple[str, Mode], ...]
    admin: str
    # Every run of the demo books the same hour: so many can be served at once.
    capacity: int = 500


_WEEKDAYS: Hours = (time(8), time(18))

RIVERTOWN = DemoCompany(
    slug="rivertown-plumbing",
    name="Rivertown Plumbing",
    vertical="homeservices",
    time_zone="America/New_York",
    human_number=PERSON,
    agent="Anna",
    greeting="thanks for calling rivertown plumbing, this is anna. how can i help?",
    week=(_WEEKDAYS,) * 5 + ((time(9), time(13)), None),
    facts=(
        ("hours", "monday to friday eight to six"),
        ("address", "forty one mill street"),
        ("price of drain cleaning", "ninety five dollars"),
        ("price of water heater repair", "one hundred and fifty dollars"),
    ),
    documents=(
        (
            "Weekend visits",
            "Weekend visits cost an extra forty dollars.\n\nWe answer emergencies on every day of the year.",
        ),
        ("Warranty", "Every repair comes with a warranty of two years."),
        ("Payment", "You can pay by card or cash when the work is done."),
        ("Area", "We serve all of Rivertown and the villages along the river."),
    ),
    vocabulary=(
        "rivertown plumbing",
        "drain cleaning",
        "water heater repair",
        "leaking pipe",
        "weekend visits",
    ),
    numbers=((PLUMBER, "live"), (PLUMBER_SHADOWED, "shadow")),
    admin="admin@rivertown.example",
)

LAKESIDE = DemoCompany(
    slug="lakeside-clinic",
    name="Lakeside Clinic",
    vertical="healthcare",
    time_zone="Europe/London",
    human_number=CLINIC_PERSON,
    agent="Emma",
    greeting="thanks for calling lakeside clinic, this is emma. how can i help?",
    week=(_WEEKDAYS,) * 5 + (None, None),
    facts=(
        ("hours", "monday to friday eight to six"),
        ("address", "twelve lake road"),
        ("price of a first visit", "sixty pounds"),
    ),
    documents=(
        ("Parking", "You can park for free behind the clinic."),
        ("What to bring", "Please bring your insurance card and a list of your medicines."),
        ("Cancelling", "Please tell us one day before if you cannot come."),
        ("Test results", "Test results are ready after three working days."),
    ),
    vocabulary=(
        "lakeside clinic",
        "sore throat",
        "appointment",
        "park at the clinic",
        "test results",
    ),
    numbers=((CLINIC, "live"),),
    admin="admin@lakeside.example",
)

COMPANIES = (RIVERTOWN, LAKESIDE)
