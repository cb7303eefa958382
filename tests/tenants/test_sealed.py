"""What a company entrusts is sealed for it and for one purpose, and outlives a change of keys."""

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from tenants.context import bound
from tenants.errors import NoTenant, SealBroken
from tenants.sealed import seal, unseal
from warmline.kernel.ids import TenantId, new_uuid

RIVERTOWN, LAKESIDE = TenantId(str(new_uuid())), TenantId(str(new_uuid()))
SECRET = "whsec_a2V5IG9mIHRoZSB0ZXN0cw=="
FIRST_KEY, NEXT_KEY = "first-" * 8, "next--" * 8


def sealed_by(tenant_id: TenantId, *, purpose: str = "webhook secret") -> str:
    with bound(tenant_id):
        return seal(SECRET, purpose=purpose)


def opened_by(tenant_id: TenantId, token: str, *, purpose: str = "webhook secret") -> str:
    with bound(tenant_id):
        return unseal(token, purpose=purpose)


def test_a_sealed_secret_opens_for_its_company_and_shows_nothing_of_itself() -> None:
    """Twice sealed it looks different, so that equal secrets are not seen to be equal."""
    token = sealed_by(RIVERTOWN)
    assert opened_by(RIVERTOWN, token) == SECRET
    assert SECRET not in token
    assert sealed_by(RIVERTOWN) != token


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_was_sealed_comes_back_as_it_was(text: str) -> None:
    """Other alphabets, the empty text and NUL too."""
    with bound(RIVERTOWN):
        assert unseal(seal(text, purpose="any"), purpose="any") == text


def test_a_token_in_another_companys_row_does_not_open() -> None:
    """Whoever can write rows cannot have a secret opened by moving it."""
    with pytest.raises(SealBroken, match="expected the bound tenant's own"):
        opened_by(LAKESIDE, sealed_by(RIVERTOWN))


def test_a_token_in_another_column_does_not_open() -> None:
    """A carrier's token is no webhook's secret."""
    with pytest.raises(SealBroken):
        opened_by(RIVERTOWN, sealed_by(RIVERTOWN), purpose="carrier token")


@pytest.mark.parametrize("change", ["", "x", "gAAAAA", "é", "\0"])
def test_what_is_no_token_is_told_so(change: str) -> None:
    """Never an error of another kind."""
    with pytest.raises(SealBroken):
        opened_by(RIVERTOWN, change)


def test_a_changed_token_does_not_open() -> None:
    """Each character counts."""
    token = sealed_by(RIVERTOWN)
    for place in range(0, len(token), 7):
        changed = "A" if token[place] != "A" else "B"
        with pytest.raises(SealBroken):
            opened_by(RIVERTOWN, token[:place] + changed + token[place + 1 :])


def test_nothing_is_sealed_for_nobody() -> None:
    """Without a tenant there is no key."""
    with pytest.raises(NoTenant):
        seal(SECRET, purpose="webhook secret")


def test_a_new_key_in_front_seals_and_the_older_ones_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once the older key is gone, what it sealed is told to be lost."""
    monkeypatch.setattr(settings, "SEALING_KEYS", (FIRST_KEY,))
    of_first = sealed_by(RIVERTOWN)
    monkeypatch.setattr(settings, "SEALING_KEYS", (NEXT_KEY, FIRST_KEY))
    of_next = sealed_by(RIVERTOWN)
    assert opened_by(RIVERTOWN, of_first) == opened_by(RIVERTOWN, of_next) == SECRET
    monkeypatch.setattr(settings, "SEALING_KEYS", (NEXT_KEY,))
    assert opened_by(RIVERTOWN, of_next) == SECRET
    with pytest.raises(SealBroken, match="WARMLINE_SEALING_KEYS"):
        opened_by(RIVERTOWN, of_first)
