"""An agent that is needed no more is archived: kept, out of lists, and brought back as it was."""

import pytest

from agents.agent_file.actions import apply_live
from agents.agent_file.reading import parse_agent_file
from agents.editing import actions, archiving, queries
from agents.errors import AgentArchived, AgentExists, NoAgent
from agents.queries import agent_config
from agents.types import Wording
from telephony.numbers import actions as numbers
from tenants.context import as_tenant
from tenants.models import AuditEvent
from tests.agents.conftest import Calling
from tests.agents.test_api import Api
from tests.agents.test_commands import TENANT, told
from warmline.kernel.errors import BadInput, Conflict

pytestmark = pytest.mark.django_db
NUMBER = "+12125550142"
FILE = b"agent: Anna\ngreeting: Hello, this is Anna. How can I help?\n"


def test_an_archived_agent_is_kept_and_comes_back_as_it_was(plumber: Calling) -> None:
    """Its versions, its draft and its name; both steps are in the trail, once each."""
    with as_tenant(plumber.tenant_id):
        before = queries.agent(plumber.agent_id)
        live = agent_config(plumber.agent_id)
        for _ in range(2):
            archiving.archive_agent(plumber.agent_id)
        assert queries.agents() == queries.agents_page().items == ()
        (line,) = queries.archived_agents()
        assert (line.name, line.live_version) == ("Anna", 1)
        assert queries.agents_page(archived=True).items == (line,)
        assert queries.version(plumber.agent_id, 1).wording.greeting == "Thanks for calling."
        for _ in range(2):
            archiving.restore_agent(plumber.agent_id)
        assert queries.agent(plumber.agent_id) == before
        assert agent_config(plumber.agent_id) == live
        trail = AuditEvent.objects.filter(action__in=("agent.archive", "agent.restore"))
        assert sorted(event.action for event in trail) == ["agent.archive", "agent.restore"]


def test_it_is_not_edited_published_or_made_again_meanwhile(plumber: Calling) -> None:
    """Whoever means it restores it first."""
    wording = Wording(greeting="Hello, this is Anna.")
    with as_tenant(plumber.tenant_id):
        actions.save_draft(plumber.agent_id, wording=wording)
        archiving.archive_agent(plumber.agent_id)
        for step in (
            lambda: actions.save_draft(plumber.agent_id, wording=wording),
            lambda: actions.publish_draft(plumber.agent_id),
            lambda: actions.shadow_draft(plumber.agent_id),
            lambda: actions.revert(plumber.agent_id, number=1),
            lambda: actions.rename_agent(plumber.agent_id, name="Emma"),
            lambda: actions.discard_draft(plumber.agent_id),
            lambda: apply_live(parse_agent_file(FILE)),
        ):
            with pytest.raises(AgentArchived, match="Anna is archived: restore it first"):
                step()
        with pytest.raises(AgentExists):
            actions.create_agent("Anna")
        assert queries.draft(plumber.agent_id).revision == 1


def test_while_a_number_leads_to_it_it_stays_in_use(plumber: Calling, empty_valkey: str) -> None:
    """The number is named; and no number is given to one that is archived."""
    with as_tenant(plumber.tenant_id):
        number = numbers.add_number(
            NUMBER, agent_id=queries.agent_named("Anna").id, mode="live", human_number=""
        )
        with pytest.raises(Conflict, match=r"it answers \+12125550142"):
            archiving.archive_agent(plumber.agent_id)
        assert queries.agent(plumber.agent_id).archived_at is None
        numbers.change_number(number.pk, agent_id=None)
        archiving.archive_agent(plumber.agent_id)
        with pytest.raises(BadInput, match="Anna is archived") as refused:
            numbers.change_number(number.pk, agent_id=queries.agent_named("Anna").id)
        assert refused.value.field == "agent_id"


def test_another_companys_agent_is_not_there(plumber: Calling, clinic: Calling) -> None:
    """Neither to archive nor to restore."""
    with as_tenant(clinic.tenant_id):
        for step in (archiving.archive_agent, archiving.restore_agent):
            with pytest.raises(NoAgent):
                step(plumber.agent_id)


def test_by_the_api_and_by_commands(plumber: Calling) -> None:
    """The same steps."""
    api = Api(plumber)
    assert api("post", f"{api.agent}/archive", {}).json()["archived_at"] is not None
    assert api("get", "/api/v1/agents").json()["items"] == []
    (line,) = api("get", "/api/v1/agents?archived=true").json()["items"]
    refused = api("patch", f"{api.agent}/draft", {"wording": {"greeting": "Hello."}})
    assert (refused.status_code, refused.json()["code"]) == (409, "agent_archived")
    assert [agent["name"] for agent in told("list_agents", TENANT, "--archived")] == [line["name"]]
    assert told("restore_agent", TENANT, "Anna")["archived_at"] is None
    assert told("archive_agent", TENANT, "Anna")["archived_at"] is not None
    assert api("post", f"{api.agent}/restore", {}).json()["archived_at"] is None
