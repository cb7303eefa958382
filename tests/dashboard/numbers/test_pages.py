"""The pages on which a company gets its numbers, and says what happens to their calls."""

from collections.abc import Callable
from contextvars import Context
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from programs.carrier_simulator.provisioning.resources import Refused
from telephony.control import number_table
from telephony.numbers import actions, ownership, queries
from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.models import User
from tenants.types import MemberRole
from tests.fakes.twilio_api.server import TwilioApi
from tests.telephony.numbers.conftest import (  # noqa: F401  fixtures
    FREE,
    LONDON,
    OWN_NUMBER,
    OWN_SID,
    OWN_TOKEN,
    account_id,
    agent_id,
    harbour,
    twilio,
)
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


class Visitor:
    """Somebody in a browser: nothing of this test's own context reaches the pages."""

    def __init__(self, user: User) -> None:
        self._client = Client()
        Context().run(self._client.force_login, user)

    def get(self, path: str, fields: dict[str, Any] | None = None) -> Any:
        """A page."""
        return Context().run(self._client.get, path, fields)

    def post(self, path: str, fields: dict[str, Any] | None = None, *, follow: bool = False) -> Any:
        """What comes of a form."""
        return Context().run(self._client.post, path, fields or {}, follow=follow)


@pytest.fixture
def member(harbour: TenantId) -> Callable[[MemberRole], Visitor]:
    """Signs somebody of the company in."""

    def signed_in(role: MemberRole) -> Visitor:
        user = create_user(f"{role}@harbour.example", password=PASSWORD)
        with as_tenant(harbour):
            add_member(user, role=role)
        return Visitor(user)

    return signed_in


@pytest.fixture
def builder(member: Callable[[MemberRole], Visitor]) -> Visitor:
    """A builder."""
    return member(MemberRole.BUILDER)


def text(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


def test_a_newcomer_gets_from_nothing_to_a_number_that_an_agent_answers(
    twilio: TwilioApi,
    builder: Visitor,
    agent_id: UUID,
) -> None:
    """By the pages alone: account, search, purchase, hours, check."""
    assert "Connect Twilio" in text(builder.get("/numbers/"))
    form = {"account_id": OWN_SID, "auth_token": OWN_TOKEN, "region": "us1"}
    page = builder.post("/numbers/connect", form, follow=True)
    assert "Connected: An account" in text(page)
    assert OWN_TOKEN not in text(page)
    account = page.context["accounts"][0].id
    page = builder.get(
        "/numbers/search",
        {"account_id": account, "country": "us", "kind": "local", "contains": "0143"},
    )
    assert "1.15 USD" in text(page)
    (offer,) = page.context["found"]
    assert FREE in text(builder.get(offer.address))
    bought = builder.post(
        "/numbers/buy",
        {"account_id": account, "e164": FREE, "agent_id": agent_id},
        follow=True,
    )
    assert "The number is bought" in text(bought)
    assert "the agent" in text(bought)
    number = bought.context["number"]
    fields = {
        "agent_id": agent_id,
        "mode": "live",
        "outside": "closed",
        "hours_of": "own",
        "begins_0": "08:00",
        "ends_0": "18:00",
        "holidays": "2026-12-25",
        "closed_words": "We open at eight.",
    }
    assert "in force" in text(builder.post(f"/numbers/{number.id}", fields, follow=True))
    entry = number_table.lookup(FREE)
    assert entry is not None
    assert (entry.outside, entry.closed_words) == ("closed", "We open at eight.")
    with as_tenant(entry.tenant_id):
        hours = {"hours": [], "exceptions": [{"from_date": "2026-12-24"}]}
        actions.change_number(number.id, hours=actions.parse_hours(hours))
    builder.post(f"/numbers/{number.id}", fields, follow=True)
    entry = number_table.lookup(FREE)
    assert entry is not None
    assert entry.hours is not None
    # What the API set and the page does not show is not lost when it is saved there.
    assert dict(entry.hours.exceptions) == {"2026-12-24": None}
    checked = text(builder.post(f"/numbers/{number.id}/check"))
    assert "Calls do not reach the agent yet" in checked  # nobody reaches a test's own address
    assert "calls are asked at" in checked
    twilio.numbers.clear()
    assert "The number is gone" in text(builder.post(f"/numbers/{number.id}/release", follow=True))


def test_ones_own_number_is_added_and_one_that_is_not_is_refused_beside_its_field(
    twilio: TwilioApi,
    builder: Visitor,
    account_id: UUID,
) -> None:
    """422, what was written stays."""
    refused = builder.post("/numbers/add", {"account_id": account_id, "e164": FREE})
    assert refused.status_code == 422
    assert "not in the account" in str(refused.context["form"].errors["e164"])
    added = builder.post(
        "/numbers/add", {"account_id": account_id, "e164": OWN_NUMBER}, follow=True
    )
    assert "is yours here" in text(added)


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (
            ("/numbers/connect", {"auth_token": "no", "account_id": OWN_SID, "region": "us1"}),
            "does not know these credentials",
        ),
        (("/numbers/connect", {"auth_token": "", "region": "us1"}), "required"),
        (("/numbers/buy", {"e164": LONDON}), "21631"),
        (("/numbers/add", {"e164": "911"}), "never dialled"),
    ],
)
def test_what_a_carrier_refuses_is_told_on_the_page(
    twilio: TwilioApi,
    builder: Visitor,
    account_id: UUID,
    refused: tuple[str, dict[str, str]],
    told: str,
) -> None:
    """With 422, and nothing half-done."""
    path, form = refused
    answer = builder.post(path, {"account_id": str(account_id), **form})
    assert (answer.status_code, told in text(answer)) == (422, True), text(answer)


def test_a_carrier_that_is_away_is_told_and_finished_later(
    twilio: TwilioApi,
    builder: Visitor,
    account_id: UUID,
) -> None:
    """The order stands in the list."""
    twilio.refuse = lambda _: Refused(503, 20500, "Internal server error")
    page = builder.post("/numbers/buy", {"account_id": account_id, "e164": FREE}, follow=True)
    assert "will be finished" in text(page)
    assert "being bought" in text(page)


def test_accounts_are_rotated_and_removed(
    twilio: TwilioApi,
    harbour: TenantId,
    builder: Visitor,
    account_id: UUID,
) -> None:
    """A token that does not open the account is refused beside its field."""
    path = f"/numbers/accounts/{account_id}"
    assert builder.post(f"{path}/rotate", {"auth_token": "no"}).status_code == 422
    twilio.accounts[OWN_SID].tokens["us1"] = "new"
    assert "in use" in text(builder.post(f"{path}/rotate", {"auth_token": "new"}, follow=True))
    assert "removed" in text(builder.post(f"{path}/remove", follow=True))
    made = text(builder.post("/numbers/connect/subaccount", follow=True))
    assert "by the platform" in made
    with as_tenant(harbour):
        assert [line.kind for line in queries.accounts()] == ["subaccount"]


@pytest.mark.parametrize("role", [MemberRole.REVIEWER, MemberRole.VIEWER])
def test_who_may_only_read_changes_nothing(
    twilio: TwilioApi,
    member: Callable[[MemberRole], Visitor],
    builder: Visitor,
    account_id: UUID,
    role: MemberRole,
) -> None:
    """No button, and 403 for whoever asks all the same."""
    added = builder.post(
        "/numbers/add", {"account_id": account_id, "e164": OWN_NUMBER}, follow=True
    )
    path = f"/numbers/{added.context['number'].id}"
    reader = member(role)
    assert OWN_NUMBER in text(reader.get("/numbers/"))
    page = text(reader.get(path))
    assert "Save" not in page
    assert "Release" not in page
    for asked in (path, f"{path}/check", f"{path}/release", f"{path}/connect", "/numbers/buy"):
        assert reader.post(asked, {}).status_code == 403, asked


def test_a_newcomer_rings_the_number_from_the_guide(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, agent_id: UUID, builder: Visitor
) -> None:
    """The page asks again until it is known; what is wrong stands there with what to do."""
    twilio.verified[OWN_SID] = ["+12125550150"]
    number = ownership.add_own_number(OWN_NUMBER, account_id=account_id, agent_id=agent_id)
    assert f"Ring {OWN_NUMBER}" in text(builder.get("/numbers/connect"))
    going_on = text(builder.post(f"/numbers/{number.pk}/ring"))
    assert "Calling from" in going_on
    assert 'hx-trigger="load delay:2s"' in going_on
    (call,) = twilio.placed.values()
    call.status = "no-answer"
    over = text(builder.get(f"/numbers/{number.pk}/ring"))
    assert "(no-answer), and nobody here was asked" in over
    assert "Check the number" in over
