"""Numbers and carrier accounts by the REST API: the same actions, the same refusals."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from programs.carrier_simulator.provisioning.resources import Refused
from tenants.actions import create_api_key
from tenants.api.idempotency import HELD_FOR
from tenants.context import as_tenant
from tenants.keys.models import IdempotentRequest
from tests.fakes.twilio_api.server import TwilioApi
from tests.telephony.numbers.conftest import FREE, OWN_NUMBER, OWN_SID, OWN_TOKEN
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


class Api:
    """A program of the company's with an API key."""

    def __init__(self, tenant_id: TenantId) -> None:
        with as_tenant(tenant_id):
            key = create_api_key("test").secret
        self._client = Client(headers={"authorization": f"Bearer {key}"})

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        name: str = "",
        if_match: str | None = None,
    ) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        answer = getattr(self._client, method)(
            f"/api/v1/{path}",
            **({} if body is None else {"data": json.dumps(body)}),
            content_type="application/json",
            headers={
                **({"Idempotency-Key": name} if name else {}),
                **({} if if_match is None else {"If-Match": if_match}),
            },
        )
        content = answer.json() if answer.content else None
        assert OWN_TOKEN not in str(content)
        return answer.status_code, content

    def etag(self, path: str) -> str:
        """Of what a GET answers."""
        return self._client.get(f"/api/v1/{path}").headers["ETag"]


@pytest.fixture
def api(twilio: TwilioApi, harbour: TenantId) -> Api:
    """The company's program."""
    return Api(harbour)


def test_a_number_is_set_up_by_the_api_alone(api: Api, agent_id: UUID, twilio: TwilioApi) -> None:
    """From the account to the hours, and given back."""
    given = {"account_id": OWN_SID, "auth_token": OWN_TOKEN}
    status, account = api.ask("post", "carrier-accounts", given)
    assert (status, account["account_id"], account["state"]) == (201, OWN_SID, "open")
    status, found = api.ask(
        "get", f"numbers/available?carrier_account_id={account['id']}&country=US&contains=0143"
    )
    assert [number["e164"] for number in found["items"]] == [FREE]
    status, number = api.ask(
        "post",
        "numbers",
        {
            "e164": FREE,
            "carrier_account_id": account["id"],
            "buy": True,
            "agent_id": str(agent_id),
        },
    )
    assert (status, number["is_bought"], number["answers_now"]) == (201, True, "agent")
    hours = {"hours": [{"days": [0], "begins": "08:00", "ends": "18:00"}]}
    status, changed = api.ask(
        "patch", f"numbers/{number['id']}", {"outside": "closed", "hours": hours}
    )
    assert (status, changed["hours"]) == (200, {**hours, "holidays": [], "exceptions": []})
    assert api.ask("patch", f"numbers/{number['id']}", {"hours": changed["hours"]})[0] == 200
    status, own = api.ask(
        "post", "numbers", {"e164": OWN_NUMBER, "carrier_account_id": account["id"]}
    )
    assert (status, own["is_bought"]) == (201, False)
    _, page = api.ask("get", f"numbers?agent_id={agent_id}")
    assert [number["e164"] for number in page["items"]] == [FREE]
    assert api.ask("delete", f"numbers/{number['id']}") == (204, None)
    assert twilio.number(FREE) is None
    _, page = api.ask("get", "numbers")
    assert [number["e164"] for number in page["items"]] == [OWN_NUMBER]
    assert api.ask("delete", f"carrier-accounts/{account['id']}")[0] == 400  # a number uses it


def test_a_number_is_rung(api: Api, account: str, twilio: TwilioApi) -> None:
    """And looked at until it is known what came of it."""
    twilio.verified[OWN_SID] = ["+12125550150"]
    given = {"e164": OWN_NUMBER, "carrier_account_id": account}
    number = api.ask("post", "numbers", given)[1]["id"]
    assert api.ask("get", f"numbers/{number}/test-call")[0] == 404
    status, placed = api.ask("post", f"numbers/{number}/test-call")
    assert (status, placed["state"], placed["caller"]) == (202, "ringing", "+12125550150")
    (call,) = twilio.placed.values()
    call.status = "busy"
    status, ended = api.ask("get", f"numbers/{number}/test-call")
    assert (status, ended["state"]) == (200, "failed")
    assert "(busy)" in ended["detail"]


def test_nobodys_change_is_overwritten(api: Api, account: str, agent_id: UUID) -> None:
    """Although the carrier is asked, and no transaction lasts that long."""
    given = {"e164": OWN_NUMBER, "carrier_account_id": account, "agent_id": str(agent_id)}
    number = f"numbers/{api.ask('post', 'numbers', given)[1]['id']}"
    seen = api.etag(number)
    assert api.ask("patch", number, {"outside": "closed"}, if_match=seen)[0] == 200
    for method, body in (("patch", {"outside": "agent"}), ("delete", None)):
        status, refused = api.ask(method, number, body, if_match=seen)
        assert (status, refused["code"]) == (412, "precondition_failed")
    assert api.ask("get", number)[1]["outside"] == "closed"
    assert api.ask("delete", number, if_match=api.etag(number)) == (204, None)
    place = f"carrier-accounts/{account}"
    assert api.ask("delete", place, if_match='"another"')[0] == 412
    assert api.ask("delete", place, if_match=api.etag(place)) == (204, None)


def test_numbers_come_in_pages(api: Api, account: str, twilio: TwilioApi) -> None:
    """Each once; a cursor of another list is refused."""
    for number in (FREE, OWN_NUMBER):
        body = {"e164": number, "carrier_account_id": account, "buy": number == FREE}
        assert api.ask("post", "numbers", body)[0] == 201
    _, first = api.ask("get", "numbers?limit=1")
    _, second = api.ask("get", f"numbers?limit=1&cursor={first['next_cursor']}")
    assert [page["items"][0]["e164"] for page in (first, second)] == [OWN_NUMBER, FREE]
    assert second["next_cursor"] is None
    assert api.ask("get", f"carrier-accounts?cursor={first['next_cursor']}")[0] == 400


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"e164": "911"}, 400, "never dialled"),
        ({"e164": FREE}, 403, "not in the account"),
        ({"e164": OWN_NUMBER, "mode": "shadow"}, 400, "human_number"),
        ({"e164": OWN_NUMBER, "agent_id": str(UUID(int=1))}, 400, "no agent"),
        ({"e164": "+12125550188", "buy": True}, 400, "21422"),
        ({"e164": OWN_NUMBER, "carrier_account_id": str(UUID(int=1))}, 404, "no carrier account"),
        ({"e164": OWN_NUMBER, "tenant_id": "x"}, 400, "tenant_id"),
    ],
)
def test_what_cannot_be_added_is_told_as_a_problem(
    api: Api, account: str, body: dict[str, Any], status: int, told: str
) -> None:
    """With its reason; nothing is added."""
    answered, problem = api.ask("post", "numbers", {"carrier_account_id": account, **body})
    assert (answered, told in str(problem)) == (status, True), problem
    assert api.ask("get", "numbers")[1]["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"hours": "always"},
        {"hours": {"hours": [{"days": [9], "begins": "08:00", "ends": "18:00"}]}},
        {"hours": {"hours": [], "open": True}},
        {"outside": "robot"},
        {"e164": FREE},
        {"closed_words": "x" * 301},
    ],
)
def test_a_change_that_is_not_as_expected_is_refused(
    api: Api, account: str, body: dict[str, Any]
) -> None:
    """400, and the number stays as it is."""
    _, number = api.ask("post", "numbers", {"e164": OWN_NUMBER, "carrier_account_id": account})
    assert api.ask("patch", f"numbers/{number['id']}", body)[0] == 400
    assert api.ask("get", f"numbers/{number['id']}")[1] == number


def test_a_token_is_rotated(api: Api, account: str, twilio: TwilioApi) -> None:
    """Once it opens the account."""
    path = f"carrier-accounts/{account}/rotate"
    assert api.ask("post", path, {"auth_token": "not yet"})[0] == 400
    twilio.accounts[OWN_SID].tokens["us1"] = "new"
    status, rotated = api.ask("post", path, {"auth_token": "new"})
    assert (status, rotated["rotated_at"] is None) == (200, False)


def test_a_subaccount_is_opened_and_closed(api: Api, twilio: TwilioApi) -> None:
    """Below the platform's account."""
    status, account = api.ask("post", "carrier-accounts", {"kind": "subaccount"})
    assert (status, account["kind"]) == (201, "subaccount")
    assert api.ask("delete", f"carrier-accounts/{account['id']}") == (204, None)
    assert twilio.accounts[account["account_id"]].status == "closed"


@pytest.fixture
def account(account_id: UUID) -> str:
    """The id of the company's own account."""
    return str(account_id)


BUY = {"e164": FREE, "buy": True}


def sent_under(api: Api, name: str, account: str) -> tuple[int, Any]:
    """A number is bought, under a name of the program's."""
    return api.ask("post", "numbers", BUY | {"carrier_account_id": account}, name=name)


def test_what_ended_midway_is_not_done_again_under_its_name(
    api: Api, account: str, twilio: TwilioApi, harbour: TenantId
) -> None:
    """Nobody knows whether it was done: the program is told to look, as long as the name is kept.

    The process ended after Twilio's answer, as its kept row shows: begun, and never answered.
    """
    assert sent_under(api, "order-1", account)[0] == 201
    with as_tenant(harbour):
        begun = IdempotentRequest.objects.filter(answer__isnull=False)
        assert begun.update(answer=None, held_until=clock.now() + HELD_FOR) == 1
    assert sent_under(api, "order-1", account)[1]["code"] == "idempotency_key_in_use"
    with as_tenant(harbour):
        IdempotentRequest.objects.update(held_until=clock.now() - HELD_FOR)
    for _ in range(2):
        status, problem = sent_under(api, "order-1", account)
        assert (status, problem["code"]) == (409, "outcome_unknown")
        assert "another name" in problem["detail"]
    assert twilio.count_of("api.CreateIncomingPhoneNumber") == 1


def test_what_a_carrier_could_not_answer_is_gone_on_with_under_its_name(
    api: Api, account: str, twilio: TwilioApi
) -> None:
    """Its order is open, and known: 503 says to come again."""
    twilio.refuse = lambda request: (
        Refused(503, 20500, "Internal server error")
        if request.operation == "api.ListIncomingPhoneNumber"
        else None
    )
    assert sent_under(api, "order-1", account)[0] == 503
    twilio.refuse = lambda _: None
    status, problem = sent_under(api, "order-1", account)
    assert (status, "being bought already" in problem["detail"]) == (409, True)


def test_a_body_that_was_refused_is_mended_under_its_name(
    api: Api, account: str, twilio: TwilioApi
) -> None:
    """Nothing was begun."""
    assert api.ask("post", "numbers", {"e164": FREE, "buy": "perhaps"}, name="order-1")[0] == 400
    assert sent_under(api, "order-1", account)[0] == 201
