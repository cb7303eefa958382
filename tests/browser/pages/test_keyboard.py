"""Pages by the keyboard alone: menus, dialogs, parts that are drawn anew, and what is told then."""

from collections.abc import Callable

import pytest
import redis
from playwright.sync_api import Page, expect

from telephony import media_link
from telephony.calls.queries import live_calls
from tenants.context import as_tenant
from tenants.keys.actions import create_api_key
from tenants.types import MemberRole
from tests.telephony.calls.test_recorder import TALK, happened
from tests.telephony.conftest import US, Carrier, ringing
from warmline.kernel.ids import CallId, TenantId
from warmline.kernel.regions import redis_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SignIn = Callable[[TenantId, MemberRole], Page]
IN_DIALOG = "document.querySelector('dialog[open]').contains(document.activeElement)"


def test_a_dialog_that_asks_is_left_by_escape_to_where_it_was_opened(
    sign_in: SignIn, plumber: TenantId
) -> None:
    """Focus is inside from the start, no Tab reaches the page behind, and nothing was done."""
    with as_tenant(plumber):
        create_api_key("Reporting")
    page = sign_in(plumber, MemberRole.OWNER)
    page.goto("/keys/")
    opener = page.get_by_role("button", name="Revoke", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Revoke this key?")
    expect(dialog).to_be_visible()
    assert page.evaluate(IN_DIALOG)
    for key in ["Tab"] * 6 + ["Shift+Tab"] * 6:
        page.keyboard.press(key)
        # After the last of its buttons comes the browser itself, then the first.
        assert page.evaluate(f"document.activeElement === document.body || {IN_DIALOG}")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Cancel").press("Enter")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.reload()
    expect(page.get_by_role("row").filter(has_text="Reporting")).to_be_visible()


def test_a_telephones_menu_opens_closes_and_leads_on_by_keys(
    sign_in: SignIn, plumber: TenantId
) -> None:
    """The first Tab offers to skip to the page; the menu says whether it is open."""
    page = sign_in(plumber, MemberRole.OWNER)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/home/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    button = page.get_by_role("button", name="Menu")
    calls = page.get_by_role("navigation", name="Main").get_by_role("link", name="Calls")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(calls).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(calls).to_be_focused()
    page.keyboard.press("Escape")
    expect(calls).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    calls.press("Enter")
    page.wait_for_url("**/calls/")


def test_who_reads_a_list_that_moves_stays_where_they_are_and_is_told(
    sign_in: SignIn, plumber: TenantId, carrier: Carrier, recorder: None
) -> None:
    """The row's link keeps focus while its call is spoken; the newest state is said once."""
    carrier.post("/twilio/voice", ringing("1"))
    with as_tenant(plumber):
        call_id = live_calls()[0].id
    page = sign_in(plumber, MemberRole.OWNER)
    page.goto("/calls/")
    expect(page.locator("[data-live-state=open]")).to_be_visible()
    link = page.locator(f"tr[data-call='{call_id}'] a")
    link.focus()
    with redis.Redis.from_url(redis_url(US)) as client:
        media_link.publish(client, happened(plumber, CallId(str(call_id)), *TALK[:-1]))
    expect(page.locator(".tag.live")).to_be_visible(timeout=15_000)
    expect(link).to_be_focused()
    told = page.get_by_role("status").filter(has_text="Newest call, from +12125550147: live")
    expect(told).to_have_count(1)
