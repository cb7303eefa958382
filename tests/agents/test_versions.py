"""What an agent brings to a call."""

from dataclasses import replace
from datetime import UTC, datetime, time

import msgspec
import pytest

from agents.actions import go_live, make_agent, set_business
from agents.errors import BadHours, BadWording, NoAgent
from agents.queries import agent_config, business, extraction_of
from agents.types import Wording
from tenants.context import as_tenant
from tests.agents.conftest import WEEKDAYS_EIGHT_TO_SIX, Calling
from warmline.kernel.vertical import ExtractionField

pytestmark = pytest.mark.django_db
WORDING = Wording(
    greeting="Thanks for calling Rivertown.",
    facts=(("hours", "eight to six"),),
    vocabulary=("drain cleaning",),
)


def test_the_live_version_gives_prompt_greeting_tools_and_words(plumber: Calling) -> None:
    """Facts and today's date are in the prompt, on the tenant's calendar."""
    with as_tenant(plumber.tenant_id):
        version = go_live(plumber.agent_id, wording=WORDING)
        config = agent_config(plumber.agent_id, at=datetime(2026, 11, 22, 2, tzinfo=UTC))
    assert config.agent_version_id == str(version)
    assert "hours: eight to six" in config.prompt
    assert "saturday the twenty first of november" in config.prompt
    assert [tool.name for tool in config.tools] == [
        "book_visit",
        "check_status",
        "transfer_to_person",
    ]
    assert (config.greeting, config.vocabulary) == (WORDING.greeting, WORDING.vocabulary)


def test_the_prompt_of_a_day_is_the_same_to_the_byte(plumber: Calling) -> None:
    """So that its prefix stays in the replica's cache."""
    with as_tenant(plumber.tenant_id):
        morning = agent_config(plumber.agent_id, at=datetime(2026, 11, 23, 14, tzinfo=UTC))
        evening = agent_config(plumber.agent_id, at=datetime(2026, 11, 23, 23, tzinfo=UTC))
    assert morning == evening


def test_a_new_wording_is_a_new_version_and_the_same_is_not(plumber: Calling) -> None:
    """Setting up twice changes nothing."""
    with as_tenant(plumber.tenant_id):
        first = go_live(plumber.agent_id, wording=WORDING)
        again = go_live(plumber.agent_id, wording=WORDING)
        second = go_live(plumber.agent_id, wording=replace(WORDING, greeting="Hello."))
        assert agent_config(plumber.agent_id).agent_version_id == str(second)
    assert first == again != second


def test_a_version_may_offer_fewer_tools_but_always_a_person(plumber: Calling) -> None:
    """Handing over cannot be switched off."""
    with as_tenant(plumber.tenant_id):
        go_live(plumber.agent_id, wording=replace(WORDING, tools=("check_status",)))
        names = [tool.name for tool in agent_config(plumber.agent_id).tools]
    assert names == ["check_status", "transfer_to_person"]


@pytest.mark.parametrize(
    "wording",
    [
        replace(WORDING, greeting=" "),
        replace(WORDING, facts=(("hours", ""),)),
        replace(WORDING, tools=("fly",)),
        replace(WORDING, language="pl"),
        replace(WORDING, language="english"),
    ],
)
def test_a_version_that_could_not_speak_does_not_go_live(
    plumber: Calling, wording: Wording
) -> None:
    """No greeting, half a fact, a tool that is not there, a language that is not offered."""
    with pytest.raises(BadWording), as_tenant(plumber.tenant_id):
        go_live(plumber.agent_id, wording=wording)


NAME = ExtractionField("customer_name", "the caller's name")


def test_what_is_read_out_of_calls_is_a_versions_own(plumber: Calling) -> None:
    """Named or not: a call that one version took is read by what that one asked for."""
    with as_tenant(plumber.tenant_id):
        by_default = go_live(plumber.agent_id, wording=WORDING)
        named = go_live(plumber.agent_id, wording=replace(WORDING, extraction=(NAME,)))
        assert [one.name for one in extraction_of(str(by_default))][:2] == [
            "customer_name",
            "service",
        ]
        assert extraction_of(str(named)) == (NAME,)


@pytest.mark.parametrize(
    ("asked", "field", "why"),
    [
        ([ExtractionField("Caller", "a name")], "extraction.0.name", "lower-case letters"),
        ([ExtractionField("1st", "a name")], "extraction.0.name", "lower-case letters"),
        ([ExtractionField("x" * 41, "a name")], "extraction.0.name", "at most 40"),
        ([NAME, NAME], "extraction.1.name", "stands twice"),
        ([ExtractionField("caller", " ")], "extraction.0.description", "what is looked for"),
        ([ExtractionField("caller", "a\nb")], "extraction.0.description", "one line"),
        ([ExtractionField("caller", "x" * 121)], "extraction.0.description", "120"),
        ([msgspec.structs.replace(NAME, type="bool")], "extraction.0.type", "text, yes_no"),
        (
            [ExtractionField(f"field_{n}", "a name") for n in range(7)],
            "extraction",
            "expected at most 6; there are 7",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_out_of_a_call_is_refused(
    plumber: Calling, asked: list[ExtractionField], field: str, why: str
) -> None:
    """Beside what is wrong."""
    with as_tenant(plumber.tenant_id), pytest.raises(BadWording, match=why) as refused:
        go_live(plumber.agent_id, wording=replace(WORDING, extraction=tuple(asked)))
    assert refused.value.field == field


def test_another_tenants_agent_is_not_there(plumber: Calling, clinic: Calling) -> None:
    """Neither to plan with nor to change."""
    with as_tenant(clinic.tenant_id):
        with pytest.raises(NoAgent):
            agent_config(plumber.agent_id)
        with pytest.raises(NoAgent):
            go_live(plumber.agent_id, wording=WORDING)


def test_an_agent_without_a_live_version_takes_no_calls(plumber: Calling) -> None:
    """Made, and silent."""
    with as_tenant(plumber.tenant_id):
        agent_id = make_agent("Ben")
        with pytest.raises(NoAgent):
            agent_config(agent_id)


def test_opening_hours_come_back_as_they_were_set(plumber: Calling) -> None:
    """And impossible ones are refused."""
    with as_tenant(plumber.tenant_id):
        set_business(WEEKDAYS_EIGHT_TO_SIX, slot_minutes=90, capacity=2)
        found = business()
        with pytest.raises(BadHours):
            set_business(WEEKDAYS_EIGHT_TO_SIX[:6])
        with pytest.raises(BadHours):
            set_business([(time(9), time(9, 0, 30))] * 7)
    assert (found.week, found.slot_minutes, found.capacity) == (WEEKDAYS_EIGHT_TO_SIX, 90, 2)
