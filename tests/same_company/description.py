"""The company: everything that somebody decides who sets one up."""

from typing import Any, Final

from tests.telephony.numbers.conftest import OWN_NUMBER, OWN_SID

SLUG: Final = "harbour"
# What the operator of the installation decides: the rest is the company's own.
FOUNDED: Final = {"name": "Harbour", "vertical": "homeservices", "plan": "team"}
FIRST_KEY: Final = "Set-up"
SETTINGS: Final = {
    "name": "Harbour Heating",
    "time_zone": "Europe/Dublin",
    "residency": "eu",
    "human_number": "+442079460018",
}
HOURS: Final[dict[str, Any]] = {
    "hours": [
        {"days": [0, 1, 2, 3, 4], "begins": "08:00", "ends": "18:00"},
        {"days": [5], "begins": "22:00", "ends": "02:00"},
    ],
    "holidays": ["2026-12-25"],
    "exceptions": [
        {"from_date": "2026-12-24", "until_date": "", "begins": "08:00", "ends": "12:00"}
    ],
    "slot_minutes": 90,
    "step_minutes": 15,
    "capacity": 2,
}
# Whom it asks to join, and as what; whoever accepts first becomes something else later.
OWNER: Final = "ada@harbour.example"
INVITED: Final = {"ben@harbour.example": "viewer", "cleo@harbour.example": "reviewer"}
PROMOTED: Final = {"ben@harbour.example": "builder"}
COLLECTIONS: Final = {"Prices": "What things cost", "Staff handbook": "Not for callers"}
# Title, collection, and what the Markdown file says.
DOCUMENTS: Final = (
    ("Price list", "Prices", "# Visits\n\nA visit costs ninety five euros."),
    ("Night rates", "Prices", "# Nights\n\nAt night a visit costs forty euros more."),
)
AGENT: Final = "Ada"
WORDING: Final[dict[str, Any]] = {
    "name": "Ada",
    "role": "the dispatcher",
    "greeting": "Harbour Heating, this is Ada. How can I help?",
    "instructions": "Ask for the address before anything else.\nNever promise a time.",
    "facts": [
        {"label": "price of a visit", "value": "ninety five euros"},
        {"label": "area", "value": "all of the harbour, and no: not the islands"},
    ],
    "tools": ["book_visit", "transfer_to_person"],
    "vocabulary": ["immersion heater", "no"],
    "voice": {"name": "en-us", "speed": 1.1},
    "language": "en-IE",
    "limits": {"max_seconds": 600, "max_turns": 40, "silence_ms": 700, "idle_seconds": 12},
    "on_failure": "message",
    "announces_recording": True,
    "extraction": [
        {"name": "customer_name", "description": "the caller's name", "type": "text"},
        {"name": "has_no_heat", "description": "whether there is no heat", "type": "yes_no"},
    ],
}
KNOWS: Final = ["Prices"]
NOTE: Final = "As agreed on Monday"
ACCOUNT: Final = OWN_SID
NUMBER: Final = OWN_NUMBER
NUMBER_MODE: Final = "shadow"
NUMBER_HUMAN: Final = "+442079460019"
NUMBER_DOES: Final[dict[str, Any]] = {
    "outside": "message",
    "closed_words": "We are closed. Leave a message.",
    "hours": {
        "hours": [{"days": [0, 1], "begins": "09:00", "ends": "17:00"}],
        "holidays": ["2026-12-25"],
        "exceptions": [
            {"from_date": "2026-12-28", "until_date": "2026-12-30", "begins": "", "ends": ""}
        ],
    },
}
WEBHOOK: Final[dict[str, Any]] = {
    "url": "https://crm.harbour.example/hooks/warmline",
    "description": "The CRM",
    "event_types": ["call.outcome", "booking.created"],
}
KEY: Final[dict[str, Any]] = {
    "name": "Reports",
    "scopes": ["calls.read", "usage.read"],
    "origins": ["https://reports.harbour.example"],
}
VIEW: Final[dict[str, Any]] = {
    "name": "Long and unbooked",
    "filters": {"min_seconds": "300", "outcome": "answered"},
}
