"""A call's token says whose call it is and what it may do,
and cannot be made to say anything else.
"""

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from tenants.call_tokens import issue, verify
from warmline.kernel.errors import NotAllowed
from warmline.kernel.ids import CallId, TenantId, new_call_id

TENANT = TenantId("00000000-0000-7000-8000-000000000001")
words = st.text(min_size=1, max_size=20)


@given(tools=st.lists(words, max_size=6), knowledge=st.text(max_size=20))
def test_a_token_says_what_was_put_in(tools: list[str], knowledge: str) -> None:
    """Whatever the tools are called."""
    call_id = new_call_id()
    claims = verify(issue(call_id, TENANT, tools, knowledge, 60), call_id)
    assert (claims.tenant_id, claims.tools, claims.knowledge) == (TENANT, tuple(tools), knowledge)


@given(token=st.text(max_size=200))
def test_no_text_is_a_token_by_chance(token: str) -> None:
    """Refused as not ours, never a server error."""
    with pytest.raises(NotAllowed, match="not ours"):
        verify(token, new_call_id())


@given(at=st.integers(min_value=0), put=st.characters(codec="ascii"))
def test_a_token_with_one_character_changed_is_refused(at: int, put: str) -> None:
    """Wherever it is changed, and to whatever."""
    call_id = new_call_id()
    token = issue(call_id, TENANT, ["book"], "k", 60)
    at %= len(token)
    changed = token[:at] + put + token[at + 1 :]
    if changed != token:
        with pytest.raises(NotAllowed):
            verify(changed, call_id)


def test_a_token_opens_its_own_call_only() -> None:
    """A caller's stream cannot be joined with another call's token."""
    token = issue(new_call_id(), TENANT, [], "", 60)
    with pytest.raises(NotAllowed, match="another call"):
        verify(token, CallId("another"))


def test_a_token_ends() -> None:
    """Long after any call."""
    call_id = new_call_id()
    with pytest.raises(NotAllowed, match="expired"):
        verify(issue(call_id, TENANT, [], "", -1), call_id)


def test_something_else_that_we_signed_is_no_token() -> None:
    """A session or a reset link is signed with the same key, for another purpose."""
    with pytest.raises(NotAllowed, match="not ours"):
        verify(signing.dumps({"call": "x"}), CallId("x"))
