"""An agent's life: drafted by several people, tried in shadow, live, and back again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from agents.actions import make_agent
from agents.editing import actions, queries
from agents.errors import (
    AgentExists,
    BadWording,
    DraftMoved,
    NoAgent,
    NoDraft,
    NotSpeakable,
    NoVersion,
)
from agents.models import AgentVersion
from agents.queries import agent_config, shadow_config
from agents.types import Wording
from rag.actions import add_document
from rag.collection_actions import create_collection
from tenants.actions import create_tenant
from tenants.actor import Actor, acting
from tenants.context import as_tenant
from tenants.models import WebhookEvent
from tests.agents.conftest import Calling
from warmline.kernel.agent import Limits, Voice
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
ANNA = Actor("user", id="1", label="anna@rivertown.example")
EMMA = Actor("user", id="2", label="emma@rivertown.example")


def draft_saying(plumber: Calling, greeting: str, *, revision: int | None = None) -> int:
    """The revision of a draft whose greeting is this."""
    wording = replace(queries.draft(plumber.agent_id).wording, greeting=greeting)
    return actions.save_draft(plumber.agent_id, wording=wording, revision=revision).revision


def test_a_new_agent_begins_with_its_verticals_words(plumber: Calling) -> None:
    """Company and agent are filled in, and nobody has edited it yet."""
    with as_tenant(plumber.tenant_id):
        draft = queries.draft(actions.create_agent("Ben"))
    assert draft.revision == 0
    assert draft.wording.greeting == "Thanks for calling Rivertown, this is Ben. How can I help?"
    assert "leaking pipe" in draft.wording.vocabulary


def test_a_name_is_one_agents(plumber: Calling) -> None:
    """Neither a new agent nor a renamed one takes another's."""
    with as_tenant(plumber.tenant_id):
        ben = actions.create_agent("Ben")
        with pytest.raises(AgentExists):
            actions.create_agent(" Anna ")
        with pytest.raises(AgentExists):
            actions.rename_agent(ben, name="Anna")
        actions.rename_agent(ben, name="Benjamin")
        assert queries.agent(ben).name == "Benjamin"
        assert make_agent("Benjamin") == ben


def test_the_second_of_two_editors_is_told_what_differs_and_loses_nothing(
    plumber: Calling,
) -> None:
    """Both began from the same revision."""
    with as_tenant(plumber.tenant_id):
        seen = queries.draft(plumber.agent_id).revision
        with acting(ANNA):
            draft_saying(plumber, "Hello from Anna.", revision=seen)
        with acting(EMMA), pytest.raises(DraftMoved) as refused:
            draft_saying(plumber, "Hello from Emma.", revision=seen)
        draft = queries.draft(plumber.agent_id)
        assert (draft.edited_by, draft.wording.greeting) == (ANNA.label, "Hello from Anna.")
        assert "anna@rivertown.example" in str(refused.value)
        assert "greeting" in str(refused.value)
        assert draft_saying(plumber, "Hello from both.", revision=draft.revision) == 2


def test_a_draft_that_is_saved_as_it_was_is_the_same_revision(plumber: Calling) -> None:
    """Nobody else's edit is refused for it."""
    with as_tenant(plumber.tenant_id):
        assert draft_saying(plumber, "Hello.") == draft_saying(plumber, "Hello. ") == 1


def test_a_published_draft_is_live_with_who_and_why(plumber: Calling) -> None:
    """And gone as a draft; the version before is kept as it was."""
    with as_tenant(plumber.tenant_id), acting(ANNA):
        before = agent_config(plumber.agent_id)
        draft_saying(plumber, "Hello, this is Anna speaking.")
        version = actions.publish_draft(plumber.agent_id, note="Friendlier")
        assert (version.number, version.state, version.note) == (2, "live", "Friendlier")
        assert (version.made_by, version.live_by) == (ANNA.label, ANNA.label)
        assert version.live_at is not None
        assert agent_config(plumber.agent_id).greeting == "Hello, this is Anna speaking."
        assert queries.draft(plumber.agent_id).revision == 0
        earlier = queries.version(plumber.agent_id, 1)
        assert earlier.version.state == "retired"
        assert earlier.wording.greeting == before.greeting
        with pytest.raises(NoDraft):
            actions.publish_draft(plumber.agent_id)


def test_a_call_under_way_keeps_the_version_that_it_began_with(plumber: Calling) -> None:
    """Its plan is frozen, and the version's row says what it always said."""
    with as_tenant(plumber.tenant_id):
        began_with = agent_config(plumber.agent_id)
        draft_saying(plumber, "Hello, this is somebody else.")
        actions.publish_draft(plumber.agent_id)
        row = AgentVersion.objects.get(pk=began_with.agent_version_id)
    assert row.greeting == began_with.greeting


def test_numbers_in_shadow_mode_use_the_version_in_shadow(plumber: Calling) -> None:
    """Callers go on hearing the live one, until the other is published or taken back."""
    with as_tenant(plumber.tenant_id):
        live = agent_config(plumber.agent_id)
        assert shadow_config(plumber.agent_id) == live
        draft_saying(plumber, "Hello from the shadow.")
        shadowed = actions.shadow_draft(plumber.agent_id, note="Trying")
        assert shadowed.state == "shadow"
        assert shadow_config(plumber.agent_id).greeting == "Hello from the shadow."
        assert agent_config(plumber.agent_id) == live
        actions.end_shadow(plumber.agent_id)
        assert shadow_config(plumber.agent_id) == live
        with pytest.raises(NoVersion):
            actions.publish_shadowed(plumber.agent_id)


def test_a_version_in_shadow_goes_live_as_it_is(plumber: Calling) -> None:
    """Under its own id: what was scored is what callers hear."""
    with as_tenant(plumber.tenant_id):
        draft_saying(plumber, "Hello from the shadow.")
        shadowed = actions.shadow_draft(plumber.agent_id)
        with acting(EMMA):
            published = actions.publish_shadowed(plumber.agent_id)
        assert published.id == shadowed.id
        assert (published.state, published.live_by) == ("live", EMMA.label)
        assert agent_config(plumber.agent_id).agent_version_id == str(shadowed.id)
        assert [line.state for line in queries.versions_page(plumber.agent_id).items] == [
            "live",
            "retired",
        ]


def test_back_to_an_earlier_version_is_one_step(plumber: Calling) -> None:
    """A new version with the same words, which says where they are from."""
    with as_tenant(plumber.tenant_id):
        draft_saying(plumber, "Hello, a mistake.")
        actions.publish_draft(plumber.agent_id)
        reverted = actions.revert(plumber.agent_id, number=1, note="Callers were confused")
        assert (reverted.number, reverted.reverted_from, reverted.state) == (3, 1, "live")
        first, third = (queries.version(plumber.agent_id, number) for number in (1, 3))
        assert first.wording == third.wording
        with pytest.raises(BadWording):
            actions.revert(plumber.agent_id, number=3)
        with pytest.raises(NoVersion):
            actions.revert(plumber.agent_id, number=99)


def test_what_the_lint_calls_an_error_does_not_go_live(plumber: Calling) -> None:
    """Neither to callers nor in shadow; the draft waits to be mended."""
    with as_tenant(plumber.tenant_id):
        draft_saying(plumber, "Hi {{name}}!")
        for step in (actions.publish_draft, actions.shadow_draft):
            with pytest.raises(NotSpeakable) as refused:
                step(plumber.agent_id)
            assert [finding.code for finding in refused.value.findings] == ["placeholder"]
            assert refused.value.field == "greeting"
        assert queries.draft(plumber.agent_id).revision == 1


def test_a_renamed_agent_introduces_itself_as_before(plumber: Calling) -> None:
    """Its live version is frozen, its prompt to the byte."""
    with as_tenant(plumber.tenant_id):
        before = agent_config(plumber.agent_id)
        actions.rename_agent(plumber.agent_id, name="Front desk")
        assert agent_config(plumber.agent_id) == before
        assert before.prompt.startswith("You are Anna, the receptionist at Rivertown")


def test_role_and_instructions_are_in_the_prompt(plumber: Calling) -> None:
    """The company's own words come last, where a larger model reads them."""
    with as_tenant(plumber.tenant_id):
        wording = replace(
            queries.draft(plumber.agent_id).wording,
            role="the night porter",
            instructions="Be brief.  \r\nNever promise a price. ",
        )
        actions.save_draft(plumber.agent_id, wording=wording)
        actions.publish_draft(plumber.agent_id)
        prompt = agent_config(plumber.agent_id).prompt
    assert prompt.startswith("You are Anna, the night porter at Rivertown, ")
    assert prompt.endswith("\nInstructions of Rivertown:\nBe brief.\nNever promise a price.")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agents_agentversion SET greeting = 'Hacked'",
        "UPDATE agents_agentversion SET facts = '[]'",
        "UPDATE agents_agentversion SET number = 7, state = 'live'",
        "UPDATE agents_agentversion SET tenant_id = tenant_id",
        "TRUNCATE agents_agentversion",
    ],
)
def test_the_database_refuses_to_change_a_version(plumber: Calling, statement: str) -> None:
    """Whatever the code would do."""
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with as_tenant(plumber.tenant_id), refused, transaction.atomic():
        connection.cursor().execute(statement)


def test_a_version_of_a_company_that_goes_on_is_not_deleted(plumber: Calling) -> None:
    """Nor is anything of its trail: the rows are not there for who would delete them."""
    with as_tenant(plumber.tenant_id), connection.cursor() as cursor:
        for table in ("agents_agentversion", "tenants_auditevent"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] > 0
            cursor.execute(f"DELETE FROM {table}")
            assert cursor.rowcount == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "x" * 61}, "name"),
        ({"role": "a\nb"}, "role"),
        ({"greeting": "Hello\nthere"}, "greeting"),
        ({"greeting": "x" * 301}, "greeting"),
        ({"greeting": "nul \x00"}, "greeting"),
        ({"instructions": "x" * 4001}, "instructions"),
        ({"instructions": "half \ud800"}, "instructions"),
        ({"facts": (("hours", ""),)}, "facts.0.value"),
        ({"facts": (("hours", "x"), (" ", "x"))}, "facts.1.label"),
        ({"facts": (("hours", "eight\nRules:"),)}, "facts.0.value"),
        ({"facts": (("x", "y"),) * 61}, "facts"),
        ({"tools": ("book_visit", "fly")}, "tools.1"),
        ({"collections": ("mine",)}, "collections.0"),
        ({"vocabulary": ("a", "")}, "vocabulary.1"),
        ({"vocabulary": ("a",) * 101}, "vocabulary"),
        ({"voice": Voice("")}, "voice.name"),
        ({"voice": Voice(speed=9)}, "voice.speed"),
        ({"voice": Voice(speed=float("nan"))}, "voice.speed"),
        ({"language": "pl"}, "language"),
        ({"limits": Limits(silence_ms=1)}, "limits.silence_ms"),
        ({"limits": Limits(max_seconds=10**9)}, "limits.max_seconds"),
        ({"on_failure": "panic"}, "on_failure"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    plumber: Calling, wrong: dict[str, object], field: str
) -> None:
    """And what was there stays."""
    with as_tenant(plumber.tenant_id):
        wording = replace(Wording(greeting="Hello."), **wrong)  # type: ignore[arg-type]
        with pytest.raises(BadInput) as refused:
            actions.save_draft(plumber.agent_id, wording=wording)
        assert refused.value.field == field
        assert queries.draft(plumber.agent_id).revision == 0


def test_another_tenants_agent_is_not_there(plumber: Calling, clinic: Calling) -> None:
    """For no step."""
    with as_tenant(plumber.tenant_id):
        draft_saying(plumber, "Hello.")
    with as_tenant(clinic.tenant_id):
        for step in (
            actions.publish_draft,
            actions.shadow_draft,
            actions.publish_shadowed,
            actions.end_shadow,
            actions.discard_draft,
            queries.draft,
            queries.agent,
            queries.versions_page,
        ):
            with pytest.raises(NoAgent):
                step(plumber.agent_id)


def test_a_discarded_draft_is_gone(plumber: Calling) -> None:
    """And the next one begins with what is live."""
    with as_tenant(plumber.tenant_id):
        draft_saying(plumber, "Hello, a draft.")
        actions.discard_draft(plumber.agent_id)
        assert queries.draft(plumber.agent_id).wording.greeting == "Thanks for calling."
        with pytest.raises(NoDraft):
            actions.discard_draft(plumber.agent_id)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does() -> None:
    """There is one live version, and the other is told that nothing is left to publish."""
    tenant_id = create_tenant("twins", name="Twins", vertical="homeservices").tenant_id
    with as_tenant(tenant_id):
        agent_id = actions.create_agent("Anna")
        actions.save_draft(agent_id, wording=Wording(greeting="Hello, how can I help?"))
    together = Barrier(2)

    def publish(_: int) -> str:
        together.wait(10)
        try:
            with as_tenant(TenantId(tenant_id)):
                return actions.publish_draft(agent_id).state
        except NoDraft:
            return "no draft"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(publish, range(2))) == ["live", "no draft"]
    with as_tenant(tenant_id):
        assert [line.state for line in queries.versions_page(agent_id).items] == ["live"]


def test_a_companys_systems_are_told_of_each_change(plumber: Calling) -> None:
    """Published, in shadow, reverted: which version, and in which state; saving a draft is none."""
    with as_tenant(plumber.tenant_id):
        WebhookEvent.objects.all().delete()
        draft_saying(plumber, "Hello, a new one.")
        actions.shadow_draft(plumber.agent_id)
        actions.publish_shadowed(plumber.agent_id)
        actions.revert(plumber.agent_id, number=1)
        events = WebhookEvent.objects.values_list("type", "data")
        told = {(kind, data["version"], data["state"]) for kind, data in events}
    assert told == {
        ("agent.changed", 2, "shadow"),
        ("agent.changed", 2, "live"),
        ("agent.changed", 3, "live"),
    }


@pytest.mark.usefixtures("chroma_server")
def test_an_agent_knows_the_collections_that_it_was_given(plumber: Calling) -> None:
    """All of them without any; one that is not there keeps it from going live."""
    with as_tenant(plumber.tenant_id):
        prices, staff = (create_collection(name) for name in ("Prices", "Staff"))
        for collection_id in (prices, staff):
            add_document("Note", text="A visit takes an hour.", collection_id=collection_id)
        everything = agent_config(plumber.agent_id).knowledge
        wording = replace(queries.draft(plumber.agent_id).wording, collections=(str(prices),))
        actions.save_draft(plumber.agent_id, wording=wording)
        actions.publish_draft(plumber.agent_id)
        assert agent_config(plumber.agent_id).knowledge in everything.split(",")
        gone = replace(wording, collections=("0190aaaa-0000-7000-8000-000000000009",))
        actions.save_draft(plumber.agent_id, wording=gone)
        with pytest.raises(NotSpeakable) as refused:
            actions.publish_draft(plumber.agent_id)
    assert refused.value.field == "collections.0"


def test_lists_come_in_pages(plumber: Calling) -> None:
    """Newest first, each once."""
    with as_tenant(plumber.tenant_id):
        for name in ("Ben", "Carla", "Dora"):
            actions.create_agent(name)
        first = queries.agents_page(limit=3)
        rest = queries.agents_page(limit=3, cursor=first.next_cursor)
        lines = (*first.items, *rest.items)
        assert {line.name for line in lines} == {"Anna", "Ben", "Carla", "Dora"}
        assert [line.id for line in lines] == sorted((line.id for line in lines), reverse=True)
        assert rest.next_cursor is None
        for greeting in ("Hello, one.", "Hello, two."):
            draft_saying(plumber, greeting)
            actions.publish_draft(plumber.agent_id)
        newest = queries.versions_page(plumber.agent_id, limit=2)
        oldest = queries.versions_page(plumber.agent_id, limit=2, cursor=newest.next_cursor)
        assert [line.number for line in (*newest.items, *oldest.items)] == [3, 2, 1]
