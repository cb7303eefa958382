"""The widget on a company's own site, in a browser whose microphone plays speech."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from telephony.calls.queries import live_calls
from tenants.context import as_tenant
from tenants.keys.actions import revoke_api_key
from tenants.keys.queries import every_key
from tenants.types import MemberRole
from tests.browser.test_talk import GREETING, browser, media, rivertown  # noqa: F401  fixtures
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SignIn = Callable[..., Page]
Shop = Callable[[str], int]


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Somebody's site with the line in its page; the port that it is at."""
    pages: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Shop</title><h1>Shop</h1>{pages[-1]}".encode())

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def put(line: str) -> int:
        pages.append(line)
        return server.server_port

    yield put
    server.shutdown()


def line_for(sign_in: SignIn, tenant_id: TenantId, port: int) -> str:
    """An admin makes the widget for the site and copies its line."""
    page = sign_in(tenant_id, MemberRole.ADMIN)
    page.get_by_role("link", name="Widget").click()
    page.get_by_label("Your site").fill(f"http://127.0.0.1:{port}")
    page.get_by_role("button", name="Make the widget").click()
    return page.locator("#snippet").inner_text()


def test_a_visitor_talks_on_the_companys_site_and_on_no_other(
    sign_in: SignIn,
    rivertown: TenantId,
    media: str,
    shop: Shop,
    browser: Browser,
) -> None:
    """The same page at another origin is refused, and so is the right one once the key is."""
    line = line_for(sign_in, rivertown, shop(""))
    port = shop(line)
    site = browser.new_page()
    site.goto(f"http://127.0.0.1:{port}/")
    site.get_by_role("button", name="Talk to Nora").click()
    site.get_by_role("button", name="Start talking").click()
    expect(site.get_by_role("log")).to_contain_text(GREETING, timeout=15_000)
    expect(site.get_by_role("log")).to_contain_text("are you open", timeout=20_000)
    site.get_by_role("button", name="Hang up").click()
    expect(site.get_by_text("You hung up.")).to_be_visible()
    other = browser.new_page()
    other.goto(f"http://localhost:{port}/")
    other.get_by_role("button", name="Talk to Nora").click()
    other.get_by_role("button", name="Start talking").click()
    expect(other.get_by_text("This site may not call here.")).to_be_visible()
    with as_tenant(rivertown):
        revoke_api_key(every_key()[0].id)
    site.get_by_role("button", name="Start talking").click()
    expect(site.get_by_text("This site may not call here.")).to_be_visible()


def test_a_visitor_writes_in_place_of_talking(
    sign_in: SignIn,
    rivertown: TenantId,
    media: str,
    shop: Shop,
    browser: Browser,
) -> None:
    """The same agent answers in the same widget, no microphone is asked for, and it is a call."""
    port = shop(line_for(sign_in, rivertown, shop("")))
    site = browser.new_page()
    site.goto(f"http://127.0.0.1:{port}/")
    site.evaluate("() => { delete MediaDevices.prototype.getUserMedia; }")
    site.get_by_role("button", name="Talk to Nora").click()
    site.get_by_label("Write a message").fill("do you mend heaters?")
    site.get_by_role("button", name="Send").click()
    log = site.get_by_role("log")
    expect(log).to_contain_text("do you mend heaters?", timeout=15_000)
    expect(log).to_contain_text("first sentence", timeout=15_000)
    with as_tenant(rivertown):
        assert [call.to_number for call in live_calls()] == ["browser"]
    site.get_by_role("button", name="Hang up").click()
    expect(site.get_by_text("You hung up.")).to_be_visible()
