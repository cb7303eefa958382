"""The pages on which a company writes and publishes its agents."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from agents.editing import actions, queries
from agents.queries import business
from rag.collection_actions import create_collection
from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.types import MemberRole
from tests.agents.conftest import Calling, clinic, plumber  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


class Member:
    """Somebody who is signed in, and the agent that they look at."""

    def __init__(self, company: Calling, role: MemberRole) -> None:
        self.company = company
        self.client = Client()
        user = create_user(f"{role}@rivertown.example", password="a long enough password")
        with as_tenant(company.tenant_id):
            add_member(user, role=role)
        self.client.force_login(user)
        self.address = f"/agents/{company.agent_id}"

    def post(self, step: str, **fields: Any) -> Any:
        """Send a form of the agent's page."""
        return self.client.post(f"{self.address}{step}", fields, follow=True)

    def form(self, **changes: Any) -> dict[str, Any]:
        """What the editor's form sends when nothing but this was changed."""
        form = self.client.get(self.address).context["form"]
        fields = {name: value for name, value in form.initial.items() if value is not None}
        rows = form.facts
        fields |= {
            "fact_label": [row.label for row in rows],
            "fact_value": [row.value for row in rows],
            "fact_example": [row.example for row in rows],
            "extraction_name": [row.name for row in form.extraction],
            "extraction_description": [row.description for row in form.extraction],
            "extraction_type": [row.type for row in form.extraction],
        }
        return fields | changes


@pytest.fixture
def builder(plumber: Calling) -> Member:
    """A builder of Rivertown."""
    return Member(plumber, MemberRole.BUILDER)


def test_an_agent_is_made_from_its_line_of_business(builder: Member) -> None:
    """In one step, and led to its editor; a name that is taken is said beside the field."""
    page = builder.client.post("/agents/", {"name": "Ben"}, follow=True)
    assert "Thanks for calling Rivertown, this is Ben." in page.content.decode()
    assert "forty one mill street" in page.content.decode()
    refused = builder.client.post("/agents/", {"name": "Ben"})
    assert refused.status_code == 422
    assert "an agent is called &#x27;Ben&#x27; already" in refused.content.decode()


def test_what_is_saved_unchanged_says_the_same(builder: Member) -> None:
    """Suggested facts that nobody filled in are none, all tools stay all of them."""
    builder.post("", **builder.form())
    with as_tenant(builder.company.tenant_id):
        draft, live = (
            queries.wording_at(builder.company.agent_id, place) for place in ("draft", "live")
        )
    assert draft == live


def test_a_draft_is_saved_looked_at_and_published(builder: Member) -> None:
    """The form's every part ends where callers hear it."""
    fields = builder.form(
        greeting="Hello, this is Anna.",
        tools=["check_status"],
        fact_label=["hours", "price of a visit", ""],
        fact_value=["eight to six", "ninety five dollars", ""],
        fact_example=["", "", ""],
        vocabulary="fuse box\n\nboiler",
        speed="1.1",
        max_seconds="600",
        on_failure="message",
        announces_recording="on",
    )
    saved = builder.post("", **fields)
    assert "Saved. Callers hear it once it is published." in saved.content.decode()
    published = builder.post("/publish", note="Prices", revision="1")
    assert "Version 2 is live" in published.content.decode()
    with as_tenant(builder.company.tenant_id):
        page = queries.version(builder.company.agent_id, 2)
    wording = page.wording
    assert (page.version.note, page.version.made_by) == ("Prices", "builder@rivertown.example")
    assert wording.facts == (("hours", "eight to six"), ("price of a visit", "ninety five dollars"))
    assert wording.tools == ("check_status", "transfer_to_person")
    assert wording.vocabulary == ("fuse box", "boiler")
    assert (wording.voice.speed, wording.limits.max_seconds) == (1.1, 600)
    assert wording.on_failure == "message"
    assert wording.announces_recording


def test_an_agent_is_given_some_of_the_knowledge(builder: Member) -> None:
    """Chosen by its name, and compared by it."""
    with as_tenant(builder.company.tenant_id):
        prices = str(create_collection("Prices"))
        create_collection("Staff handbook")
    builder.post("", **builder.form(collections=[prices]))
    with as_tenant(builder.company.tenant_id):
        assert queries.draft(builder.company.agent_id).wording.collections == (prices,)
    compared = builder.client.get(f"{builder.address}/compare").content.decode()
    assert "<ins>Prices</ins>" in compared
    assert "Staff handbook" not in compared


def test_what_is_written_down_after_a_call_is_chosen(builder: Member) -> None:
    """In rows that begin with the line of business's; a name is kept as programs read it."""
    shown = builder.client.get(builder.address).content.decode()
    assert 'value="customer_name"' in shown
    fields = builder.form(
        extraction_name=["Customer name", "is_urgent", ""],
        extraction_description=["the caller's name", "whether it is urgent", ""],
        extraction_type=["text", "yes_no", "text"],
    )
    builder.post("", **fields)
    with as_tenant(builder.company.tenant_id):
        wording = queries.draft(builder.company.agent_id).wording
    assert [(one.name, one.type) for one in wording.extraction] == [
        ("customer_name", "text"),
        ("is_urgent", "yes_no"),
    ]
    compared = builder.client.get(f"{builder.address}/compare").content.decode()
    assert "Written down after each call" in compared
    assert "whether it is urgent [yes_no]" in compared


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("näme", "the caller's name", "text"), "lower-case letters"),
        (("customer_name", "", "text"), "expected what is looked for"),
        (("customer_name", "the caller's name", "bool"), "expected one of text, yes_no"),
    ],
)
def test_what_cannot_be_written_down_is_said_in_its_row(
    builder: Member, row: tuple[str, str, str], said: str
) -> None:
    """422, and the other rows stay as they were written."""
    names = ("extraction_name", "extraction_description", "extraction_type")
    kept = ("is_urgent", "whether it is urgent", "yes_no")
    fields = {name: [kept[at], row[at]] for at, name in enumerate(names)}
    answer = builder.client.post(builder.address, builder.form() | fields)
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert "row asked wrong-row" in page
    assert 'value="whether it is urgent"' in page


def test_the_second_of_two_builders_sees_what_differs_and_loses_nothing(builder: Member) -> None:
    """Their words are still in the form, and saving once more keeps them."""
    fields = builder.form(greeting="Hello from the second.")
    with as_tenant(builder.company.tenant_id):
        draft = queries.draft(builder.company.agent_id)
        first = actions.save_draft(
            draft.agent_id, wording=replace(draft.wording, greeting="Hello from the first.")
        )
        assert first.revision == 1
    answer = builder.client.post(builder.address, fields)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Hello from the second.</textarea>" in page.replace("\n", "")
    assert "<ins>first</ins>" in page
    assert 'name="revision" value="1"' in page
    builder.post("", **(fields | {"revision": "1"}))
    with as_tenant(builder.company.tenant_id):
        wording = queries.draft(builder.company.agent_id).wording
    assert wording.greeting == "Hello from the second."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"greeting": ""}, "This field is required"),
        ({"greeting": "one\ntwo"}, "expected one line"),
        ({"speed": "9"}, "less than or equal to 2.0"),
        ({"language": "xx"}, "expected one of en, es, fr, de"),
        ({"fact_value": ["x" * 301], "fact_label": ["a"], "fact_example": [""]}, "Fact a:"),
        ({"fact_value": [""], "fact_label": ["a"], "fact_example": [""]}, "a fact needs a label"),
        ({"tools": ["fly"]}, "fly is not one of the available choices"),
        ({"revision": "x"}, "Enter a whole number"),
        ({"silence_ms": "1"}, "greater than or equal to 200"),
    ],
)
def test_what_cannot_be_saved_is_said_beside_its_field(
    builder: Member, changes: dict[str, Any], said: str
) -> None:
    """422, with what was written still in the form."""
    answer = builder.client.post(builder.address, builder.form() | changes)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_what_the_lint_refuses_is_marked_and_not_published(builder: Member) -> None:
    """Beside the editor, with a link to its field."""
    page = builder.post("", **builder.form(greeting="Hi {name}, how can I help?")).content.decode()
    assert "must be mended" in page
    assert 'href="#id_greeting"' in page
    told = builder.post("/publish", revision="1").content.decode()
    assert "this cannot go live" in told


def test_through_the_shadow_and_back(builder: Member) -> None:
    """Each step says what callers hear now."""
    builder.post("", **builder.form(greeting="Hello, a new one."))
    assert "Version 2 is in shadow" in builder.post("/shadow", revision="1").content.decode()
    assert "Version 2 is live" in builder.post("/shadow/publish").content.decode()
    reverted = builder.post("/versions/1/revert").content.decode()
    assert "Version 3 says what version 1 said" in reverted
    compared = builder.client.get(f"{builder.address}/compare?before=2&after=3").content.decode()
    assert "<del>" in compared
    assert (
        "They say the same"
        in builder.client.get(f"{builder.address}/compare?before=1&after=3").content.decode()
    )
    builder.post("", **builder.form(greeting="Hello, another."))
    assert "The draft is discarded" in builder.post("/discard").content.decode()
    assert "no draft any more" in builder.post("/discard").content.decode()


def test_an_agent_is_archived_and_restored(builder: Member) -> None:
    """It leaves the list, is kept below it, and nothing of it can be saved meanwhile."""
    page = builder.post("/archive").content.decode()
    assert "The agent is archived" in page
    assert 'id="archived"' in page
    shown = builder.client.get(builder.address).content.decode()
    assert "Archived: out of use" in shown
    assert "Save draft" not in shown
    saved = builder.client.post(builder.address, builder.form(greeting="Hello."))
    assert (saved.status_code, "restore it first" in saved.content.decode()) == (409, True)
    assert "in use again" in builder.post("/restore").content.decode()
    assert 'id="archived"' not in builder.client.get("/agents/").content.decode()


def test_a_viewer_reads_and_changes_nothing(plumber: Calling) -> None:
    """No button, and no way past it."""
    viewer = Member(plumber, MemberRole.VIEWER)
    page = viewer.client.get(viewer.address).content.decode()
    assert "Save draft" not in page
    assert "data-try" not in page
    assert viewer.client.post(viewer.address, viewer.form()).status_code == 403
    assert viewer.client.post("/agents/", {"name": "Ben"}).status_code == 403
    steps = ("publish", "shadow", "shadow/publish", "shadow/end", "discard", "try", "archive")
    for step in (*steps, "restore"):
        assert viewer.client.post(f"{viewer.address}/{step}").status_code == 403, step
    assert viewer.client.post("/agents/hours", {}).status_code == 403
    assert viewer.client.get("/agents/hours").status_code == 200


def hours_form(**changes: Any) -> dict[str, Any]:
    """Open from Monday to Friday, and one date otherwise."""
    fields: dict[str, Any] = {f"begins_{day}": "08:00" for day in range(5)}
    fields |= {f"ends_{day}": "18:00" for day in range(5)}
    fields |= {
        "holidays": "2026-12-25\n2026-12-26",
        "from_date": ["2026-12-24", ""],
        "until_date": ["", ""],
        "from_time": ["09:00", ""],
        "until_time": ["12:00", ""],
        "slot_minutes": "45",
        "step_minutes": "15",
        "capacity": "3",
    }
    return fields | changes


def test_opening_hours_are_set_on_a_page(builder: Member) -> None:
    """And shown again as they were set."""
    page = builder.client.post("/agents/hours", hours_form(), follow=True).content.decode()
    assert "Opening hours are set" in page
    assert 'name="from_date" value="2026-12-24"' in page
    with as_tenant(builder.company.tenant_id):
        set_hours = business()
    assert (set_hours.slot_minutes, set_hours.capacity, len(set_hours.holidays)) == (45, 3, 2)
    for wrong in (
        {"begins_6": "10:00"},
        {"holidays": "Christmas"},
        {"capacity": "0"},
        {"until_date": ["2026-12-01", ""]},
    ):
        refused = builder.client.post("/agents/hours", hours_form(**wrong))
        assert (refused.status_code, "data-summary" in refused.content.decode()) == (422, True)


def events_of(answer: Any) -> list[tuple[str, Any]]:
    """Server-sent events by name."""
    raw = answer.content
    events = []
    for event in raw.decode().split("\n\n")[:-1]:
        name, data = event.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def test_a_try_without_a_warm_model_says_so_where_the_answer_would_be(
    builder: Member, empty_valkey: str
) -> None:
    """What is no conversation is refused."""

    def ask(body: Any) -> Any:
        address = f"{builder.address}/try"
        return builder.client.post(address, json.dumps(body), content_type="application/json")

    [(name, data)] = events_of(ask({"messages": [{"role": "user", "content": "hi"}]}))
    assert (name, data["code"]) == ("failed", "no_model_warm")
    bodies: list[Any] = [
        {"messages": []},
        {"messages": [{"role": "pope", "content": "hi"}]},
        {"messages": [{"role": "user", "content": "x" * 501}]},
        {"message": "hi"},
        [],
    ]
    for wrong in bodies:
        assert ask(wrong).status_code == 400, wrong
