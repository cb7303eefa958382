"""A number's webhooks are taken from the account that the number is of, and from no other."""

from uuid import UUID

import pytest

from telephony.control import number_table
from telephony.numbers import accounts, actions, ownership
from telephony.types import NumberConfig
from tenants.context import as_tenant
from tests.fakes.twilio_api.server import MASTER, MASTER_TOKEN, TwilioApi
from tests.telephony.conftest import Carrier, every_redis, ringing, sign, warm
from tests.telephony.numbers.conftest import (
    FREE,
    OTHER_SID,
    OTHER_TOKEN,
    OWN_NUMBER,
    OWN_SID,
    OWN_TOKEN,
)
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
PATHS = ("/twilio/voice", "/twilio/status", "/twilio/resume", "/twilio/dialed", "/twilio/probe")


@pytest.fixture
def own_number(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, agent_id: UUID
) -> NumberConfig:
    """The company's number of its own account."""
    warm(slots=2)
    ownership.add_own_number(OWN_NUMBER, account_id=account_id, agent_id=agent_id)
    number = number_table.lookup(OWN_NUMBER)
    assert number is not None
    return number


def post(
    path: str, *, sid: str = OWN_SID, token: str = OWN_TOKEN, dialled: str = OWN_NUMBER
) -> int:
    """A webhook about a call to the number, signed with a token; its status."""
    form = {**ringing(dialled=dialled), "AccountSid": sid}
    signature = sign(path, form, token=token)
    return Carrier().post(path, form, X_Twilio_Signature=signature)[0]


def test_the_numbers_own_account_is_heard(own_number: NumberConfig) -> None:
    """At every webhook; its call gets an agent."""
    assert {post(path) for path in PATHS} == {200, 204}


@pytest.mark.parametrize(
    ("sid", "token"),
    [
        (OTHER_SID, OTHER_TOKEN),  # another account's own good signature
        (OWN_SID, OTHER_TOKEN),
        (OTHER_SID, OWN_TOKEN),
        (MASTER, MASTER_TOKEN),  # the platform's, which has no say about this number
        (OWN_SID, MASTER_TOKEN),
        (MASTER, OWN_TOKEN),
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_no_other_account_is_heard_about_it(
    own_number: NumberConfig, path: str, sid: str, token: str
) -> None:
    """However well it signs."""
    assert post(path, sid=sid, token=token) == 403


def test_an_account_is_heard_about_its_own_numbers_alone(
    own_number: NumberConfig, harbour: TenantId
) -> None:
    """Neither about the platform's nor about numbers that nobody has."""
    with as_tenant(harbour):
        actions.add_number(FREE, agent_id=None, mode="live", human_number="")
    for dialled in (FREE, "+12125550177", "anonymous", ""):
        assert post("/twilio/voice", dialled=dialled) == 403
    assert post("/twilio/voice", sid=MASTER, token=MASTER_TOKEN, dialled=FREE) == 200


def test_a_rotated_token_is_taken_beside_the_new_one_and_no_third(
    own_number: NumberConfig, twilio: TwilioApi, account_id: UUID
) -> None:
    """For a day; the one before the earlier is gone at once."""
    for number in (1, 2):
        twilio.accounts[OWN_SID].tokens["us1"] = f"new-token-{number}"
        accounts.rotate_account(account_id, auth_token=f"new-token-{number}")
    statuses = [
        post("/twilio/status", token=token) for token in ("new-token-2", "new-token-1", OWN_TOKEN)
    ]
    assert statuses == [204, 204, 403]


def test_a_region_that_forgot_its_numbers_still_hears_the_account(
    own_number: NumberConfig,
) -> None:
    """The table is read again from Postgres."""
    for client in every_redis():
        client.flushdb()
    assert post("/twilio/voice") != 403


def test_no_token_lies_open_in_a_regions_table(own_number: NumberConfig) -> None:
    """Whoever reads Redis cannot sign."""
    for client in every_redis():
        raw = client.get(number_table.number_key(OWN_NUMBER))
        assert isinstance(raw, bytes)
        assert OWN_TOKEN.encode() not in raw
