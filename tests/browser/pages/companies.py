"""Companies as they are seen: one with much of everything and long names, one with nothing yet."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from io import BytesIO
from uuid import UUID

from django.db import connections
from msgspec.structs import replace

from agents.actions import set_business
from agents.bookings import calendar
from agents.editing import actions as editing
from agents.types import Fact, Wording
from rag.actions import queue_file, queue_page, queue_text
from rag.collection_actions import create_collection
from shadow.actions import give_verdict, score_call
from telephony.calls.actions import open_call, record_events
from telephony.calls.listing.filters import parsed_filters
from telephony.calls.listing.saved_views import save_view
from telephony.calls.models import CallSummary
from telephony.models import CarrierAccount
from telephony.numbers.actions import add_number
from telephony.types import AnsweredCall
from tenants.actions import add_member, create_tenant, create_user
from tenants.actor import Actor, acting
from tenants.context import as_tenant
from tenants.keys.actions import create_api_key, revoke_api_key
from tenants.models import User
from tenants.people.invitations import invite
from tenants.webhooks.actions import make_endpoint
from tenants.webhooks.models import Delivery
from tenants.webhooks.replaying import send_test
from tests.agents.conftest import Calling, ask, calls_again
from tests.rag import files
from tests.rag.companies import Company
from tests.shadow.conftest import shadowed_call
from tests.telephony.calls.test_recorder import happened
from tests.tenants.webhooks.conftest import send_all
from verticals.booking import listing
from verticals.booking.listing import BookingFilters
from warmline.kernel import clock
from warmline.kernel.call import (
    AgentSentence,
    BargeIn,
    CallAnswered,
    CallEnded,
    CallerTurn,
    Happening,
    Passage,
    Retrieved,
    SentenceHeard,
    ToolCalled,
    ToolReturned,
    TurnTimed,
)
from warmline.kernel.ids import CallId, TenantId, new_call_id
from warmline.kernel.regions import RegionCode

PASSWORD = "correct horse battery"
LONG = "Rivertown Plumbing, Heating, Drainage & Air Conditioning of the Lower Westchester Valley"
COMPOUND = "Heizungswartungsterminvereinbarungsassistentin"
RIGHT_TO_LEFT = "عبد الرحمن بن محمد الهاشمي"
OWN, SHADOWED, RINGS = "+12125550100", "+12125550101", "+442071230200"
PERSON = "+12125550199"
REGION = RegionCode("us-east")
WEEK = (*[(time(8), time(18))] * 5, (time(9), time(13)), None)
FACTS: tuple[Fact, ...] = (
    ("hours", "monday to friday eight to six"),
    ("address", "forty one mill street"),
    ("price of a water heater repair", "one hundred and fifty dollars"),
)
TALK: tuple[Happening, ...] = (
    CallAnswered("MZ1", "media-1", "caller"),
    AgentSentence(0, 0, "Rivertown Plumbing, this is Anna. How can I help?"),
    SentenceHeard(0, 0, "Rivertown Plumbing, this is Anna. How can I help?"),
    CallerTurn(1, "do you charge extra on a weekend", 3000, 4500),
    Retrieved(
        1, "weekend", (Passage("p", "Weekend visits", "They cost forty dollars more.", 0.71),)
    ),
    AgentSentence(1, 0, "Yes, forty dollars. Shall I book you in?"),
    SentenceHeard(1, 0, "Yes, forty dollars."),
    BargeIn(1),
    TurnTimed(1, "us-east-think-1", REGION, 300, 350, 380, 420, 440, 480),
    CallerTurn(2, f"my name is {RIGHT_TO_LEFT}, {COMPOUND * 3}", 6000, 7500),
    ToolCalled(2, "t1", "book_visit", f'{{"day": "tuesday", "name": "{COMPOUND}"}}', ran=True),
    ToolReturned(2, "t1", ok=True, result='{"status": "booked", "reference": "4712"}'),
    AgentSentence(2, 0, "You are booked for Tuesday at nine."),
    SentenceHeard(2, 0, "You are booked for Tuesday at nine."),
    TurnTimed(2, "us-east-think-1", REGION, 310, 370, 0, 520, 580, 640),
    CallEnded("agent_said_goodbye", 42),
)


@dataclass
class Seen:
    """A company, its owner, and the ids of what its pages show."""

    tenant_id: TenantId
    owner: User
    ids: dict[str, UUID | str] = field(default_factory=dict)


def empty_company(name: str = "Newtown Heating", *, slug: str = "newtown") -> Seen:
    """A company that was founded a minute ago."""
    tenant_id = create_tenant(
        slug, name=name, vertical="homeservices", time_zone="America/New_York"
    ).tenant_id
    owner = create_user(f"owner@{slug}.example", password=PASSWORD, name="Olivia Owner")
    with as_tenant(tenant_id):
        add_member(owner, role="owner")
    return Seen(tenant_id, owner)


def filled_company() -> Seen:
    """A company that has used everything, under names that are long, unbroken or right to left."""
    seen = empty_company(LONG, slug="rivertown")
    with as_tenant(seen.tenant_id), acting(Actor("command", id="", label="command")):
        _people(seen)
        _agents(seen)
        _numbers(seen)
        _keys(seen)
        set_business(WEEK)
    _knowledge(seen)
    _calls(seen)
    _bookings(seen)
    _webhooks(seen)
    connections.close_all()
    return seen


def _people(seen: Seen) -> None:
    for role, name in (("admin", "Ada Admin"), ("builder", COMPOUND), ("reviewer", RIGHT_TO_LEFT)):
        email = f"{role}.with.quite.a.long.address@customer-relations.rivertown.example"
        add_member(create_user(email, password=PASSWORD, name=name), role=role)
    invite("invited.colleague.with.a.long.name@rivertown.example", role="viewer")


def _agents(seen: Seen) -> None:
    anna = editing.create_agent("Anna")
    for greeting in ("Hello.", "Rivertown Plumbing, this is Anna. How can I help?"):
        editing.save_draft(anna, wording=Wording(greeting=greeting, facts=FACTS))
        editing.publish_draft(anna, note="What callers asked for in the first week")
    editing.save_draft(anna, wording=Wording(greeting="Good day, Anna here.", facts=FACTS[:2]))
    editing.shadow_draft(anna, note="A shorter greeting")
    editing.save_draft(anna, wording=Wording(greeting="Hi {{caller}}!", facts=FACTS))
    editing.create_agent(COMPOUND)
    editing.create_agent(RIGHT_TO_LEFT)
    seen.ids["agent"] = anna


def _numbers(seen: Seen) -> None:
    anna = UUID(str(seen.ids["agent"]))
    account = CarrierAccount.objects.create(
        kind="own", state="open", account_id="AC" + "a" * 32, region="us1", name=LONG[:64]
    )
    number = add_number(OWN, agent_id=anna, mode="live", human_number=PERSON)
    add_number(SHADOWED, agent_id=anna, mode="shadow", human_number=PERSON)
    add_number(RINGS, agent_id=None, mode="live", human_number="")
    seen.ids |= {"account": account.pk, "number": number.pk}


def _keys(seen: Seen) -> None:
    key = create_api_key("Reporting of the warehouse, every night at three", scopes=["calls.read"])
    create_api_key(COMPOUND, expires_at=clock.now() + timedelta(days=30))
    revoke_api_key(create_api_key("Lost").id)
    seen.ids["key"] = key.id


def _knowledge(seen: Seen) -> None:
    prices = files.pdf([["# Weekend visits", "They cost an extra forty dollars each."]])
    with as_tenant(seen.tenant_id):
        seen.ids["document"] = queue_file(
            BytesIO(prices),
            file_name="Preisliste_Heizungswartung_und_Notdienst_2026_endgueltig_v3.pdf",
        )
        seen.ids["refused"] = queue_file(BytesIO(files.encrypted_pdf()), file_name="terms.pdf")
        seen.ids["collection"] = create_collection("Emergencies", description="For nights")
    Company(seen.tenant_id).work()
    with as_tenant(seen.tenant_id):
        queue_text(RIGHT_TO_LEFT, text="Waits for the jobs.")
        queue_page(f"https://www.example.com/{'prices-and-conditions/' * 8}index.html")


def _calls(seen: Seen) -> None:
    seen.ids["call"] = _call(seen, "+12125550147", TALK)
    _call(seen, "", (*TALK[:3], CallEnded("caller_hung_up", 4)))
    _call(seen, "+442079460018", TALK[:-1])
    judged, seen.ids["shadowed"] = (shadowed_call(seen.tenant_id) for _ in range(2))
    with as_tenant(seen.tenant_id):
        seen.ids |= {"run": score_call(judged), "nothing": judged}
        score_call(UUID(str(seen.ids["shadowed"])))
        give_verdict(
            UUID(str(seen.ids["run"])),
            reviewer_id=seen.owner.pk,
            choice="agree",
            note="As I would have.",
        )
        asked = {"name": "name", "type": "text", "value": COMPOUND, "why": ""}
        said = {"quote": f"my name is {COMPOUND}", "speaker": "caller", "at_ms": 6000.0}
        CallSummary.objects.update_or_create(
            call_id=seen.ids["call"],
            defaults={
                "state": "done",
                "summary": "The caller asked what weekend visits cost and booked one.",
                "fields": [asked | said],
            },
        )
        save_view("Missed calls in the evening", filters=parsed_filters({"outcome": "missed"}))


def _call(seen: Seen, caller: str, happenings: tuple[Happening, ...]) -> UUID:
    call_id, began = new_call_id(), clock.now() - timedelta(minutes=5)
    with as_tenant(seen.tenant_id):
        open_call(
            AnsweredCall(
                call_id=call_id,
                tenant_id=seen.tenant_id,
                carrier_call_id=f"CA{call_id}",
                from_number=caller,
                to_number=OWN,
                verstat="",
                region=REGION,
                vertical="homeservices",
                agent_version_id="",
                audience="caller",
                human_number=PERSON,
                leases=(),
                routing={},
                transferred_because="",
                answer="",
                at=began,
                agent_id=str(seen.ids["agent"]),
            )
        )
        events = [
            replace(event, at=began + timedelta(seconds=event.number))
            for event in happened(seen.tenant_id, CallId(call_id), *happenings)
        ]
        record_events(UUID(call_id), events)
    return UUID(call_id)


def _bookings(seen: Seen) -> None:
    calling = Calling(seen.tenant_id, str(seen.ids["agent"]), CallId(str(seen.ids["call"])), "")
    for name, day in ((COMPOUND.lower(), "wednesday"), ("mary jones", "friday")):
        wish = {"service": "water heater repair", "day": f"next {day}", "time": "nine"}
        status, answer = ask(calls_again(calling), "book_visit", {**wish, "name": name})
        assert (status, answer["result"]["status"]) == (200, "booked"), answer
    with as_tenant(seen.tenant_id):
        booking = listing.bookings_page(BookingFilters()).items[0]
        seen.ids |= {"booking": booking.id, "booking_day": f"{booking.starts_at:%Y-%m-%d}"}
        calendar.renew_feed()


def _webhooks(seen: Seen) -> None:
    with as_tenant(seen.tenant_id):
        endpoint = make_endpoint(
            f"https://hooks.rivertown.example/{COMPOUND}/calls",
            description="The warehouse",
            event_types=["call.ended", "booking.created"],
        )
        make_endpoint("https://hooks.rivertown.example/agents", event_types=["agent.changed"])
        send_test(endpoint.id)
    send_all(seen.tenant_id)
    with as_tenant(seen.tenant_id):
        send_test(endpoint.id)
        delivery = Delivery.objects.filter(endpoint_id=endpoint.id).order_by("created_at").first()
        assert delivery is not None
        seen.ids |= {"endpoint": endpoint.id, "delivery": delivery.pk}
