"""This machine's own carrier gives out numbers, to those who have an account there."""

import base64
from pathlib import Path
from typing import Any

import phonenumbers
import pytest

from programs.carrier_simulator.provisioning.api import ProvisioningApi
from programs.carrier_simulator.provisioning.offers import offer_fictional_numbers
from programs.carrier_simulator.provisioning.state import StateUnreadable, keep_in

SID, TOKEN = "AC" + "1" * 32, "t" * 32
ACCOUNTS = "/api.twilio.com/2010-04-01/Accounts"


def carrier(path: Path) -> ProvisioningApi:
    """As the program begins."""
    api = ProvisioningApi()
    offer_fictional_numbers(api)
    keep_in(path, api)
    api.add_account(SID, token=TOKEN)
    return api


def ask(
    api: ProvisioningApi, method: str, path: str, body: str = "", *, name: str, secret: str
) -> tuple[int, Any]:
    basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
    answer = api.answer(method, path, body=body.encode(), authorization=f"Basic {basic}")
    assert answer is not None
    return answer


def test_a_number_is_its_accounts_also_after_a_restart(tmp_path: Path) -> None:
    """A sub-account takes one that is offered; nobody else is offered it then."""
    path = tmp_path / "carrier.json"
    api = carrier(path)
    status, account = ask(
        api, "POST", f"{ACCOUNTS}.json", "FriendlyName=Nora", name=SID, secret=TOKEN
    )
    assert status == 201
    nora = {"name": account["sid"], "secret": account["auth_token"]}
    theirs = f"{ACCOUNTS}/{account['sid']}"
    offered = f"{theirs}/AvailablePhoneNumbers/US/Local.json?AreaCode=415"
    e164 = ask(api, "GET", offered, **nora)[1]["available_phone_numbers"][0]["phone_number"]
    body = f"PhoneNumber=%2B{e164[1:]}&VoiceUrl=http%3A%2F%2Fhere"
    assert ask(api, "POST", f"{theirs}/IncomingPhoneNumbers.json", body, **nora)[0] == 201
    again = carrier(path)
    held = ask(again, "GET", f"{theirs}/IncomingPhoneNumbers.json", **nora)[1]
    (number,) = held["incoming_phone_numbers"]
    assert (number["phone_number"], number["voice_url"]) == (e164, "http://here")
    left = ask(again, "GET", offered, **nora)[1]["available_phone_numbers"]
    assert e164 not in [one["phone_number"] for one in left]
    assert path.stat().st_mode & 0o077 == 0


def test_numbers_that_are_offered_may_be_dialled_by_their_countrys_plan(tmp_path: Path) -> None:
    """Whoever takes one is not told that it is no number."""
    api = carrier(tmp_path / "carrier.json")
    offered = [number for numbers in api.offered.values() for number in numbers]
    assert len(offered) == len(set(offered)) > 100
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in offered)


@pytest.mark.parametrize("secret", ["", "wrong", TOKEN.upper()])
def test_nothing_is_answered_without_the_accounts_token(tmp_path: Path, secret: str) -> None:
    """As Twilio refuses it."""
    api = carrier(tmp_path / "carrier.json")
    status, refusal = ask(api, "GET", f"{ACCOUNTS}/{SID}.json", name=SID, secret=secret)
    assert (status, refusal["code"]) == (401, 20003)


def test_what_is_no_credential_or_no_operation_is_refused(tmp_path: Path) -> None:
    """Nothing breaks by it."""
    api = carrier(tmp_path / "carrier.json")
    answer = api.answer("GET", f"{ACCOUNTS}.json", body=b"", authorization="Basic \xff!")
    assert answer is not None
    assert answer[0] == 401
    for path in ("/api.twilio.com/nothing", "/elsewhere.example/2010-04-01/Accounts.json"):
        assert ask(api, "GET", path, name=SID, secret=TOKEN)[0] == 404


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    """With what becomes of the numbers where it is removed."""
    path = tmp_path / "carrier.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(StateUnreadable, match=r"carrier\.json cannot be used"):
        carrier(path)
