"""A webhook that is not provably the carrier's is refused, leaves a trace, and does nothing."""

import time
from itertools import count
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connections
from django.http import QueryDict
from twilio.request_validator import RequestValidator

from telephony.calls import queries
from telephony.carriers.twilio.account import account
from tenants.context import as_tenant
from tests.telephony.conftest import PLUMBER, Carrier, ringing, sign
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
PATHS = ("/twilio/voice", "/twilio/status", "/twilio/resume", "/twilio/dialed")
FORM = "application/x-www-form-urlencoded"

WRONG_SIGNATURES = {
    "missing": "",
    "too short": "abc=",
    "too long": "A" * 200 + "=",
    "not base64": "!" * 27 + "=",
    "of the right length": "A" * 27 + "=",
    "not ascii": "é" * 27 + "=",
    "of another account": sign("/twilio/voice", ringing(), token="another token"),
    "of another route": sign("/twilio/status", ringing()),
    "of another body": sign("/twilio/voice", ringing("2")),
    "of another host": sign("/twilio/voice", ringing(), base="https://elsewhere.example"),
    "of a port beyond": sign("/twilio/voice", ringing(), base="http://testserver:99999"),
    "of the right port of another scheme": sign(
        "/twilio/voice", ringing(), base="https://testserver:443"
    ),
}


# The web plane keeps twenty refusals of a second; tests may come faster and need theirs kept.
TESTS_A_SECOND = 10
_tests_so_far = count()


@pytest.fixture(autouse=True)
def _few_refusals_a_second() -> None:
    """So many tests, then the next second begins on the clock that the web plane counts by."""
    if next(_tests_so_far) % TESTS_A_SECOND == 0:
        time.sleep(1 - time.monotonic() % 1)


def traces() -> list[str]:
    with connections["control"].cursor() as cursor:
        cursor.execute(
            "SELECT detail->>'why' FROM tenants_securityevent WHERE action = 'webhook.refused'"
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("wrong", WRONG_SIGNATURES)
def test_a_wrong_signature_is_refused(carrier: Carrier, plumber: TenantId, wrong: str) -> None:
    """403, one security event, no call."""
    assert (
        carrier.post("/twilio/voice", ringing(), X_Twilio_Signature=WRONG_SIGNATURES[wrong])[0]
        == 403
    )
    assert len(traces()) == 1
    with as_tenant(plumber):
        assert queries.live_calls() == ()


@pytest.mark.parametrize("path", PATHS)
def test_every_webhook_needs_a_signature(carrier: Carrier, db: None, path: str) -> None:
    """And none of them answers GET."""
    assert carrier.send(path, urlencode(ringing()), {})[0] == 403
    assert carrier.client.get(path).status_code == 405


@pytest.mark.parametrize(
    "headers",
    [{"Host": "localhost"}, {"X-Forwarded-Host": "x.example"}, {"X-Forwarded-Proto": "https"}],
)
def test_the_senders_word_on_the_address_changes_nothing(
    carrier: Carrier, plumber: TenantId, headers: dict[str, str]
) -> None:
    """The configured public address is what is signed."""
    signed = {**headers, "X-Twilio-Signature": sign("/twilio/voice", ringing())}
    assert carrier.send("/twilio/voice", urlencode(ringing()), signed)[0] == 200


def test_the_public_address_with_its_standard_port_holds_too(
    carrier: Carrier, plumber: TenantId
) -> None:
    """The carrier signs either spelling."""
    signature = sign("/twilio/voice", ringing(), base="http://testserver:80")
    assert carrier.post("/twilio/voice", ringing(), X_Twilio_Signature=signature)[0] == 200


def test_any_of_the_tokens_holds_while_they_are_rotated(
    carrier: Carrier, plumber: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one and the new one."""
    monkeypatch.setenv("TWILIO_AUTH_TOKENS", "new,token-of-the-tests")
    old = sign("/twilio/voice", ringing(), token="token-of-the-tests")
    assert carrier.post("/twilio/voice", ringing(), X_Twilio_Signature=old)[0] == 200


def test_without_a_token_nothing_is_believed(
    carrier: Carrier, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even what was signed with one that held before."""
    signature = sign("/twilio/voice", ringing())
    monkeypatch.setenv("TWILIO_AUTH_TOKENS", "")
    assert (
        carrier.send("/twilio/voice", urlencode(ringing()), {"X-Twilio-Signature": signature})[0]
        == 403
    )


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
    ],
)
def test_only_forms_are_read(carrier: Carrier, db: None, kind: str) -> None:
    """JSON without bodySHA256 is what the carrier's own library raises on."""
    headers = {"X-Twilio-Signature": sign("/twilio/voice", {}), "Content-Type": kind}
    assert carrier.send("/twilio/voice", '{"CallSid": "CA1"}', headers)[0] == 403


BODIES = {
    "a doubled call": [*ringing().items(), ("CallSid", "CA" + "f" * 32)],
    "no call": [(k, v) for k, v in ringing().items() if k != "CallSid"],
    "a call that is none": list({**ringing(), "CallSid": "CA1"}.items()),
    "another account": list({**ringing(), "AccountSid": "AC" + "1" * 32}.items()),
    "no account": [(k, v) for k, v in ringing().items() if k != "AccountSid"],
}


@pytest.mark.parametrize("which", BODIES)
def test_a_signed_body_that_makes_no_sense_is_refused(
    carrier: Carrier, plumber: TenantId, which: str
) -> None:
    """Signed by us or by a carrier gone wrong: it does nothing."""
    body = urlencode(BODIES[which])
    signature = RequestValidator(account().auth_tokens[0]).compute_signature(
        settings.PUBLIC_URL + "/twilio/voice", QueryDict(body)
    )
    assert carrier.send("/twilio/voice", body, {"X-Twilio-Signature": signature})[0] == 403
    assert len(traces()) == 1


def test_blank_repeated_and_unknown_fields_are_borne(carrier: Carrier, plumber: TenantId) -> None:
    """The carrier adds fields as it likes."""
    form = {**ringing(), "CallerName": "", "SomethingNew": "x", "FromCity": "NÜRNBERG"}
    assert carrier.post("/twilio/voice", form)[0] == 200


def test_a_number_with_fields_run_together_is_not_another_signed_form(
    carrier: Carrier, plumber: TenantId
) -> None:
    """{ab: c} and {a: bc} sign alike: a form cut elsewhere has no call in it and is refused."""
    form = {
        "AccountSid": account().sid,
        "CallSid": "CA" + "0" * 32,
        "From": "+1",
        "To": PLUMBER,
    }
    cut = {
        "AccountSid": account().sid,
        "CallSi": "dCA" + "0" * 32,
        "From": "+1",
        "To": PLUMBER,
    }
    signature = sign("/twilio/voice", form)
    assert carrier.post("/twilio/voice", cut, X_Twilio_Signature=signature)[0] == 403
