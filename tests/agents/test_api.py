"""Agents through the REST API."""

from typing import Any

import pytest
from django.test import Client

from agents.queries import business
from tenants.actions import create_api_key
from tenants.context import as_tenant
from tests.agents.conftest import Calling

pytestmark = pytest.mark.django_db


class Api:
    """The API with a company's key."""

    def __init__(self, calling: Calling) -> None:
        with as_tenant(calling.tenant_id):
            key = create_api_key("test").secret
        self._client = Client(headers={"authorization": f"Bearer {key}"})
        self.agent = f"/api/v1/agents/{calling.agent_id}"

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to a request."""
        return (
            getattr(self._client, method)(
                path, body, content_type="application/json", headers=headers
            )
            if body is not None
            else getattr(self._client, method)(path, headers=headers)
        )


@pytest.fixture
def api(plumber: Calling) -> Api:
    """Rivertown's."""
    return Api(plumber)


def test_an_agent_is_made_written_looked_at_and_published(api: Api) -> None:
    """By the API alone, from nothing to live."""
    made = api("post", "/api/v1/agents", {"name": "Ben"})
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/agents/{made.json()['id']}")
    agent = made["Location"]
    changes = {
        "greeting": "Hello, this is Ben at Rivertown. How can I help?",
        "facts": [{"label": "price of a visit", "value": "ninety five dollars"}],
        "tools": ["check_status"],
        "voice": {"speed": 1.1},
        "limits": {"max_seconds": 600},
        "language": "en-US",
        "extraction": [
            {"name": "customer_name", "description": "the caller's name", "type": "text"},
            {"name": "is_urgent", "description": "whether it is urgent", "type": "yes_no"},
        ],
    }
    saved = api("patch", f"{agent}/draft", {"wording": changes, "revision": 0})
    assert saved.status_code == 200, saved.content
    wording = saved.json()["wording"]
    assert wording["facts"] == changes["facts"]
    assert wording["extraction"] == changes["extraction"]
    assert wording["voice"] == {"name": "en-us", "speed": 1.1}
    assert (wording["limits"]["max_seconds"], wording["limits"]["max_turns"]) == (600, 60)
    assert api("get", f"{agent}/lint").json() == {"publishable": True, "findings": []}
    published = api("post", f"{agent}/publish", {"note": "First"}).json()
    assert (published["number"], published["state"], published["note"]) == (1, "live", "First")
    assert "key" in published["made_by"]
    assert api("get", agent).json()["live_version"] == 1
    version = api("get", f"{agent}/versions/1")
    assert version.json()["wording"] == wording | {"name": "Ben"}
    assert api("get", f"{agent}/versions/1", if_none_match=version["ETag"]).status_code == 304


def test_nobodys_edit_is_overwritten(api: Api) -> None:
    """Neither by the revision in the body nor by If-Match."""
    seen = api("get", f"{api.agent}/draft")
    first = {"wording": {"greeting": "Hello from the first."}}
    assert api("patch", f"{api.agent}/draft", first, if_match=seen["ETag"]).status_code == 200
    second = {"wording": {"greeting": "Hello from the second."}}
    refused = api("patch", f"{api.agent}/draft", second, if_match=seen["ETag"])
    assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
    refused = api("patch", f"{api.agent}/draft", second | {"revision": 0})
    assert (refused.status_code, refused.json()["code"]) == (412, "draft_moved")
    assert "greeting" in refused.json()["detail"]
    refused = api("post", f"{api.agent}/publish", {"revision": 7})
    assert (refused.status_code, refused.json()["code"]) == (412, "draft_moved")
    draft = api("get", f"{api.agent}/draft").json()
    assert draft["wording"]["greeting"] == "Hello from the first."


def test_a_shadow_that_was_moved_is_not_ended(api: Api) -> None:
    """If-Match names what a GET of the agent answered."""
    seen = api("get", api.agent)["ETag"]
    api("patch", f"{api.agent}/draft", {"wording": {"greeting": "Thanks for ringing."}})
    assert api("post", f"{api.agent}/shadow", {}).json()["state"] == "shadow"
    assert api("delete", f"{api.agent}/shadow", if_match=seen).status_code == 412
    seen = api("get", api.agent)["ETag"]
    assert api("delete", f"{api.agent}/shadow", if_match=seen).status_code == 204


def test_two_wordings_side_by_side(api: Api) -> None:
    """What is live and what is drafted, as a rule."""
    api("patch", f"{api.agent}/draft", {"wording": {"greeting": "Thanks for ringing."}})
    [change] = api("get", f"{api.agent}/diff").json()["changes"]
    assert change["field"] == "greeting"
    assert [piece["kind"] for piece in change["pieces"]] == ["same", "removed", "added", "same"]
    assert api("get", f"{api.agent}/diff?before=1&after=live").json() == {"changes": []}
    assert api("get", f"{api.agent}/diff?after=9").status_code == 404
    assert api("get", f"{api.agent}/diff?after=best").status_code == 400
    assert api("get", f"{api.agent}/diff?to=draft").status_code == 400


def test_what_the_lint_refuses_stands_beside_its_field(api: Api) -> None:
    """And the draft stays to be mended."""
    api("patch", f"{api.agent}/draft", {"wording": {"greeting": "Hi {name}"}})
    refused = api("post", f"{api.agent}/publish", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_speakable")
    assert refused.json()["errors"][0]["field"] == "greeting"
    assert api("get", f"{api.agent}/lint").json()["publishable"] is False
    assert api("delete", f"{api.agent}/draft").status_code == 204
    assert api("delete", f"{api.agent}/draft").json()["code"] == "no_draft"


def test_through_the_shadow_and_back(api: Api) -> None:
    """Shadow, live from there, and the version before again."""
    api("patch", f"{api.agent}/draft", {"wording": {"greeting": "Thanks for ringing."}})
    assert api("post", f"{api.agent}/shadow", {"note": "Try"}).json()["state"] == "shadow"
    assert api("get", api.agent).json()["shadow_version"] == 2
    live = api("post", f"{api.agent}/publish", {"version": "shadow"}).json()
    assert (live["number"], live["state"]) == (2, "live")
    assert api("delete", f"{api.agent}/shadow").status_code == 404
    back = api("post", f"{api.agent}/revert", {"number": 1, "note": "Better before"}).json()
    assert (back["number"], back["reverted_from"]) == (3, 1)
    numbers = [line["number"] for line in api("get", f"{api.agent}/versions").json()["items"]]
    assert numbers == [3, 2, 1]
    refused = api("post", f"{api.agent}/revert", {"number": 3})
    assert refused.json()["errors"][0]["field"] == "number"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"wording": {"greting": "Hello."}}, "wording.greting"),
        ({"wording": {"facts": [{"label": "hours"}]}}, "wording.facts.0.value"),
        ({"wording": {"facts": [{"label": "a", "value": "b", "c": "d"}]}}, "wording.facts.0.c"),
        ({"wording": {"limits": {"silence_ms": 1}}}, "wording.limits.silence_ms"),
        ({"wording": {"voice": {"speed": "fast"}}}, "wording.voice.speed"),
        ({"wording": {"collections": ["mine"]}}, "wording.collections.0"),
        ({"wording": {"greeting": "nul \x00"}}, "body"),
        ({"wording": {"on_failure": "panic"}}, "wording.on_failure"),
        ({"wording": {"tools": ["fly"]}}, "tools.0"),
        ({"wording": {"extraction": [{"name": "a"}]}}, "wording.extraction.0.description"),
        (
            {"wording": {"extraction": [{"name": "A b", "description": "c"}]}},
            "wording.extraction.0.name",
        ),
        (
            {"wording": {"extraction": [{"name": "a", "description": "b", "type": "c"}]}},
            "wording.extraction.0.type",
        ),
        (
            {"wording": {"extraction": [{"name": "a", "description": "b"}] * 2}},
            "extraction.1.name",
        ),
        ({"wording": {"language": "xx"}}, "language"),
        ({"wording": {"greeting": "one\ntwo"}}, "greeting"),
        ({"wording": None}, "wording"),
        ({"wording": []}, "wording"),
        ({"revision": -1}, "revision"),
        ([], "body"),
    ],
)
def test_a_body_that_is_wrong_is_refused_beside_its_field(api: Api, body: Any, field: str) -> None:
    """And nothing is saved."""
    refused = api("patch", f"{api.agent}/draft", body)
    assert refused.status_code == 400, refused.content
    assert field in [error["field"] for error in refused.json()["errors"]], refused.json()
    assert api("get", f"{api.agent}/draft").json()["revision"] == 0


def test_names_are_one_agents(api: Api) -> None:
    """Made or renamed: 409 beside the field."""
    taken = api("post", "/api/v1/agents", {"name": "Anna"})
    assert (taken.status_code, taken.json()["code"]) == (409, "agent_exists")
    assert api("patch", api.agent, {"name": "Anne"}).json()["name"] == "Anne"
    assert api("post", "/api/v1/agents", {"name": " \t"}).status_code == 400


def test_what_agents_are_made_of(api: Api) -> None:
    """Tools with their words, voices, languages."""
    tools = api("get", "/api/v1/tools").json()["tools"]
    assert [(tool["name"], tool["writes"], tool["always"]) for tool in tools] == [
        ("book_visit", True, False),
        ("check_status", False, False),
        ("transfer_to_person", True, True),
    ]
    assert tools[0]["parameters"][0]["description"] == "what is to be done"
    voices = api("get", "/api/v1/voices").json()["voices"]
    assert {"name": "en-us", "title": "American, a woman", "language": "en"} in voices
    languages = api("get", "/api/v1/languages").json()["languages"]
    assert {"code": "de", "name": "German"} in languages


HOURS = {
    "hours": [
        {"days": [0, 1, 2, 3, 4], "begins": "08:30", "ends": "18:00"},
        {"days": [5], "begins": "00:00", "ends": "24:00"},
    ],
    "holidays": ["2026-12-25"],
    "exceptions": [
        {"from_date": "2026-12-24", "until_date": "", "begins": "09:00", "ends": "12:00"},
        {"from_date": "2026-12-28", "until_date": "2026-12-31", "begins": "", "ends": ""},
    ],
    "slot_minutes": 90,
    "step_minutes": 30,
    "capacity": 2,
}


def test_opening_hours_come_back_as_they_were_set(api: Api, plumber: Calling) -> None:
    """Spans of dates as spans, a whole day as one."""
    was = api("get", "/api/v1/business-hours")
    assert was.json()["hours"] == [{"days": [0, 1, 2, 3, 4], "begins": "08:00", "ends": "18:00"}]
    assert api("put", "/api/v1/business-hours", HOURS, if_match=was["ETag"]).json() == HOURS
    assert api("get", "/api/v1/business-hours").json() == HOURS
    stale = api("put", "/api/v1/business-hours", HOURS, if_match=was["ETag"])
    assert stale.status_code == 412
    with as_tenant(plumber.tenant_id):
        assert business().capacity == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": [{"days": [0], "begins": "8h", "ends": "18:00"}]},
        {"hours": [{"days": [7], "begins": "08:00", "ends": "18:00"}]},
        {"hours": [{"days": [0, 0], "begins": "08:00", "ends": "18:00"}]},
        {"holidays": ["2026-13-01"]},
        {"exceptions": [{"from_date": "2026-12-31", "until_date": "2026-12-01"}]},
        {"exceptions": [{"from_date": "9999-12-31", "until_date": "9999-12-31", "begins": "x"}]},
        {"slot_minutes": 0},
        {"capacity": 10**9},
        {"week": []},
    ],
)
def test_hours_that_contradict_themselves_are_refused(api: Api, wrong: dict[str, Any]) -> None:
    """And the ones before stay."""
    before = api("get", "/api/v1/business-hours").json()
    refused = api("put", "/api/v1/business-hours", HOURS | wrong)
    assert refused.status_code == 400, refused.content
    assert api("get", "/api/v1/business-hours").json() == before


def test_the_last_day_of_the_calendar_is_a_date_too(api: Api) -> None:
    """Nothing counts beyond it."""
    last = HOURS | {"exceptions": [{"from_date": "9999-12-31"}], "holidays": ["9999-12-30"]}
    assert api("put", "/api/v1/business-hours", last).status_code == 200
    assert api("get", "/api/v1/business-hours").json()["exceptions"][0]["from_date"] == "9999-12-31"
