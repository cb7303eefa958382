"""One talks to an agent in one's own voice: a real browser, whose microphone plays speech."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from agents.actions import go_live, make_agent
from agents.types import Wording
from telephony.calls import queries
from tenants.actions import create_tenant
from tenants.context import as_tenant
from tenants.types import MemberRole
from tests.browser.conftest import FLAGS
from tests.browser.speaking import media_plane, microphone, speaking_flags
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SignIn = Callable[..., Page]
GREETING = "Rivertown Plumbing, hello."
HEARD = "are you open"


@pytest.fixture(scope="module")
def browser(chromium_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium whose microphone asks a question after five seconds."""
    spoken = microphone(tmp_path_factory.mktemp("microphone") / "question.wav")
    flags = [*FLAGS, *speaking_flags(spoken)]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=str(chromium_path), args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def media(empty_valkey: str) -> Iterator[str]:
    """A media process and its replicas."""
    with media_plane() as url:
        yield url


@pytest.fixture
def rivertown(db: None) -> TenantId:
    """A company with an agent and no number."""
    tenant_id = create_tenant("rivertown", name="Rivertown Plumbing", vertical="homeservices")
    with as_tenant(tenant_id.tenant_id):
        go_live(make_agent("Nora"), wording=Wording(greeting=GREETING))
    return tenant_id.tenant_id


def talk_page(sign_in: SignIn, tenant_id: TenantId) -> Page:
    """The page on which one talks to the company's agent."""
    page = sign_in(tenant_id, MemberRole.BUILDER)
    page.get_by_role("link", name="Talk to an agent").click()
    return page


def test_somebody_clicks_and_talks_with_the_agent(
    sign_in: SignIn, rivertown: TenantId, media: str, recorder: None
) -> None:
    """The agent greets, hears the question and answers; both are read on the page while they are
    said, each turn's times appear, and whoever hangs up has ended the call.
    """
    page = talk_page(sign_in, rivertown)
    page.get_by_role("button", name="Talk").click()
    expect(page.locator("[data-state]")).to_contain_text("Connected")
    expect(page.locator("[data-over=webrtc]")).to_be_visible()
    log = page.get_by_role("log")
    expect(log.locator(".agent .words").first).to_contain_text(GREETING)
    expect(log.locator(".caller .words").first).to_contain_text(HEARD, timeout=20_000)
    expect(log.locator(".agent .words").last).to_contain_text("first sentence", timeout=20_000)
    expect(page.locator("[data-story] .waterfall .number").last).to_have_text(
        re.compile(r"\d m?s$")
    )
    page.get_by_role("button", name="Mute").click()
    expect(page.get_by_role("button", name="Unmute")).to_be_visible()
    page.get_by_role("button", name="Hang up").click()
    expect(page.get_by_text("You hung up.")).to_be_visible()
    page.get_by_role("link", name="This call's page").click()
    expect(page.get_by_text("caller hung up")).to_be_visible(timeout=20_000)
    with as_tenant(rivertown):
        assert not queries.live_calls()


def test_where_no_udp_comes_through_the_audio_goes_over_the_socket(
    sign_in: SignIn, rivertown: TenantId, media: str, browser: Browser
) -> None:
    """The browser has no address for UDP: the page says which way it speaks, and is heard."""
    page = talk_page(sign_in, rivertown)
    page.evaluate("delete globalThis.RTCPeerConnection")
    page.get_by_role("button", name="Talk").click()
    expect(page.locator("[data-state]")).to_contain_text("over the WebSocket", timeout=15_000)
    said = page.get_by_role("log").locator(".caller .words").first
    expect(said).to_contain_text(HEARD, timeout=20_000)
