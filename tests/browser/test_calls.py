"""What a member sees of calls, in a real browser."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
import redis
from playwright.sync_api import Page, expect

from telephony import media_link
from telephony.calls import actions, queries, recording_store
from tenants.context import as_tenant
from tests.telephony.calls.test_recorder import TALK, happened
from tests.telephony.calls.test_recordings import wav
from tests.telephony.conftest import CLINIC as CLINIC_NUMBER
from tests.telephony.conftest import LONDONER, US, Carrier, ringing
from warmline.kernel.call import BargeIn, SentenceHeard, ToolCalled, ToolReturned
from warmline.kernel.ids import CallId, TenantId
from warmline.kernel.regions import redis_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SignIn = Callable[[TenantId], Page]


def call_of(tenant_id: TenantId) -> UUID:
    with as_tenant(tenant_id):
        return queries.live_calls()[0].id


@pytest.fixture
def plumbers_call(carrier: Carrier, plumber: TenantId) -> UUID:
    """A call that rings at the plumber's."""
    carrier.post("/twilio/voice", ringing("1"))
    return call_of(plumber)


@pytest.fixture
def clinics_call(carrier: Carrier, clinic: TenantId) -> UUID:
    """A call that rings at the clinic."""
    carrier.post("/twilio/voice", ringing("2", caller=LONDONER, dialled=CLINIC_NUMBER))
    return call_of(clinic)


def test_a_wrong_password_is_told_and_opens_nothing(site: str, page_of_nobody: Page) -> None:
    """The sign-in page stays, with a sentence."""
    page_of_nobody.goto(f"{site}/calls/")
    page_of_nobody.get_by_label("E-mail").fill("nobody@example.org")
    page_of_nobody.get_by_label("Password").fill("not the password")
    page_of_nobody.get_by_role("button", name="Sign in").click()
    expect(page_of_nobody.get_by_role("alert")).to_contain_text("do not match an account")


@pytest.fixture
def page_of_nobody(browser: object, site: str, db: None) -> Page:
    """A browser in which nobody is signed in."""
    return browser.new_page(base_url=site)  # type: ignore[attr-defined, no-any-return]


def test_a_member_sees_their_own_companys_calls_only(
    sign_in: SignIn, plumber: TenantId, plumbers_call: UUID, clinics_call: UUID
) -> None:
    """The list has one row, and the other company's call is not there even by its address."""
    page = sign_in(plumber)
    expect(page.locator("tr[data-call]")).to_have_count(1)
    expect(page.locator(f"tr[data-call='{plumbers_call}']")).to_be_visible()
    answer = page.goto(f"/calls/{clinics_call}")
    assert answer is not None
    assert answer.status == 404


def test_a_call_appears_on_its_page_while_it_is_spoken(
    sign_in: SignIn, plumber: TenantId, plumbers_call: UUID, recorder: None
) -> None:
    """Events that the media plane sends are on the open page soon, without a reload."""
    page = sign_in(plumber)
    page.goto(f"/calls/{plumbers_call}")
    expect(page.locator("[data-live-state=open]")).to_be_visible()
    page.evaluate("window.notReloaded = true")
    call_id = CallId(str(plumbers_call))
    with redis.Redis.from_url(redis_url(US)) as client:
        media_link.publish(client, happened(plumber, call_id, *TALK[:-1]))
        talk = page.get_by_role("region", name="Transcript")
        expect(talk.get_by_text("Do you charge extra")).to_be_visible(timeout=15_000)
        expect(talk.get_by_text("Yes, twenty dollars.")).to_be_visible()
        expect(page.locator(".tag.live")).to_be_visible()
        expect(page.locator(".waterfall rect")).to_have_count(6)
        media_link.publish(client, happened(plumber, call_id, TALK[-1], first=len(TALK)))
    expect(page.locator(".tag.good")).to_have_text("answered", timeout=15_000)
    assert page.evaluate("window.notReloaded")


def test_words_that_were_cut_are_shown_as_unheard(
    sign_in: SignIn, plumber: TenantId, plumbers_call: UUID
) -> None:
    """Of a sentence that the caller cut into, the heard part stands and the rest is struck out."""
    cut = (*TALK[:5], BargeIn(1), SentenceHeard(1, 0, "Yes, twenty", cut=True))
    with as_tenant(plumber):
        actions.record_events(plumbers_call, happened(plumber, CallId(str(plumbers_call)), *cut))
    page = sign_in(plumber)
    page.goto(f"/calls/{plumbers_call}")
    expect(page.locator(".unsaid")).to_have_text(" dollars.")


def test_a_tool_and_its_answer_stand_in_the_transcript(
    sign_in: SignIn, plumber: TenantId, plumbers_call: UUID
) -> None:
    """What was done for the caller is told where it happened."""
    asked = ToolCalled(1, "t1", "book_visit", '{"day": "tuesday"}', ran=True)
    answered = ToolReturned(1, "t1", ok=True, result='{"status": "booked"}')
    did = (*TALK[:4], asked, answered)
    with as_tenant(plumber):
        actions.record_events(plumbers_call, happened(plumber, CallId(str(plumbers_call)), *did))
    page = sign_in(plumber)
    page.goto(f"/calls/{plumbers_call}")
    expect(page.locator(".aside")).to_contain_text(
        'Book visit {"day": "tuesday"} → {"status": "booked"}'
    )


def test_a_recording_can_be_played(sign_in: SignIn, plumber: TenantId, plumbers_call: UUID) -> None:
    """The browser decodes both sides' audio and knows its length."""
    stored = recording_store.store(io.BytesIO(wav()), tenant_id=plumber)
    with as_tenant(plumber):
        actions.keep_recording(plumbers_call, stored, epoch=1)
    page = sign_in(plumber)
    page.goto(f"/calls/{plumbers_call}")
    page.wait_for_function("document.querySelector('audio').duration === 1")


def test_the_live_socket_of_another_companys_call_is_closed(
    sign_in: SignIn, plumber: TenantId, clinics_call: UUID
) -> None:
    """A signed-in member of one company asks for the other's events and is refused with 4403."""
    page = sign_in(plumber)
    code = page.evaluate(
        """path => new Promise(resolve => {
            const socket = new WebSocket(`ws://${location.host}${path}`);
            socket.onclose = event => resolve(event.code);
        })""",
        f"/calls/{clinics_call}/live",
    )
    assert code == 4403
