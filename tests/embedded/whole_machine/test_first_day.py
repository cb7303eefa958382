"""A newcomer's first day with what `make serve` starts, in a real browser, no step by hand.

Each step keeps a picture: `.warmline/first-day/`, or in the folder of WARMLINE_TEST_PICTURES.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect
from warmline_client import AuthenticatedClient
from warmline_client.api.calls import get_call_transcript, list_calls
from warmline_client.models import CallLinePage, Transcript

from programs.carrier_simulator.audio import VOICES
from tests.browser.conftest import PASSWORD, browser  # noqa: F401  a fixture
from tests.embedded.whole_machine.conftest import WholeMachine
from tests.embedded.whole_machine.pictures import Pictures
from tests.embedded.whole_machine.receiver import Receiver, receiver
from warmline.embedded.machine import public_environment
from warmline.kernel import env

pytestmark = [pytest.mark.engine, pytest.mark.browser, pytest.mark.timeout(1500)]

PAGE_S, JOB_S, CALL_S = 60, 120, 180
FACT = "You can park for free behind the old lighthouse."
DOCUMENT = f"""# Visiting Harbour Clinic

## Parking

{FACT}

## What to bring

Please bring your insurance card and a list of your medicines.

## Test results

Test results are ready after three working days.
"""
NORA, ROBIN = "nora@harbour.example", "robin@harbour.example"
QUESTION = "where can i park at the clinic"
# What the demo's patient says, in their voice.
SAYS = ("clinic_question", "clinic_booking", "yes_please")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


class Person:
    """Somebody at a browser of their own, whose steps are kept as pictures."""

    def __init__(self, context: BrowserContext, pictures: Pictures) -> None:
        context.set_default_timeout(PAGE_S * 1000)
        self.page, self._pictures = context.new_page(), pictures

    def go(self, name: str) -> Locator:
        """Follow the navigation; the page's own part."""
        navigation = self.page.get_by_role("navigation", name="Main")
        navigation.get_by_role("link", name=name, exact=True).click()
        return self.page.get_by_role("main")

    def fill(self, label: str, text: str) -> None:
        """Write into a field of the page."""
        self.page.get_by_label(label).fill(text)

    def follow(self, name: str) -> None:
        """Click a link of the page."""
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def press(self, name: str) -> None:
        """Press a button of the page."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def open_mail(self, subject: str, *, to: str) -> None:
        """Somebody's mail in this machine's mailbox, once it is there."""
        mails = self.page.get_by_role("row").filter(has_text=to)
        mails.get_by_role("link", name=subject).click(timeout=JOB_S * 1000)

    def picture(self, step: str) -> None:
        """Keep the page as it is."""
        self._pictures.take(self.page, step)


@pytest.fixture
def hooks() -> Iterator[Receiver]:
    """The company's own server."""
    with receiver() as there:
        yield there


@pytest.fixture
def nora(browser: Browser, machine: WholeMachine) -> Iterator[Person]:
    """Somebody who was never here; what she sees last is kept where a step fails."""
    context = browser.new_context(
        base_url=machine.url, timezone_id="Europe/London", viewport={"width": 1280, "height": 800}
    )
    person = Person(context, Pictures("first-day"))
    yield person
    person.picture("the last page")
    context.close()


@pytest.fixture
def robin(browser: Browser, machine: WholeMachine, nora: Person) -> Iterator[Person]:
    """A colleague at another browser."""
    context = browser.new_context(base_url=machine.url, viewport={"width": 1280, "height": 800})
    yield Person(context, nora._pictures)
    context.close()


def test_a_newcomers_first_day(
    machine: WholeMachine, nora: Person, robin: Person, hooks: Receiver, tmp_path: Path
) -> None:
    """From the sign-in page to a call that an agent answers with what was uploaded, a booking, a
    webhook, a colleague and a program that reads the call.
    """
    expect.set_options(timeout=PAGE_S * 1000)
    machine.wait_until_it_takes_calls()
    sign_up(nora)
    make_an_agent(nora)
    set_opening_hours(nora)
    upload(nora, tmp_path / "visiting-us.md")
    try_in_writing(nora)
    number = get_a_number(nora)
    secret = add_a_webhook(nora, hooks)
    ring(machine, number)
    call_id = see_the_call(nora)
    see_the_booking(nora)
    started = hooks.event("call.started", secret=secret, within_s=JOB_S)
    booked = hooks.event("booking.created", secret=secret, within_s=JOB_S)
    see_the_deliveries(nora)
    assert started["data"]["id"] == booked["data"]["call_id"] == call_id
    invite(nora)
    accept(robin)
    review(robin, call_id)
    read_by_program(machine.url, make_a_key(nora), call_id)


def sign_up(nora: Person) -> None:
    """An account, its address confirmed by the mailbox page, and a company with it."""
    page = nora.page
    page.goto("/")
    nora.picture("sign in")
    page.get_by_role("link", name="Open an account").click()
    nora.fill("E-mail", NORA)
    nora.fill("Your name", "Nora Newcomer")
    nora.fill("Password", PASSWORD)
    nora.fill("Company", "Harbour Clinic")
    page.get_by_label("Line of business").select_option("healthcare")
    nora.picture("open an account")
    nora.press("Open the account")
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    nora.picture("look into your mail")
    page.get_by_role("link", name="Open the mailbox of this machine").click()
    nora.open_mail("Confirm your e-mail address", to=NORA)
    nora.picture("the mail")
    page.get_by_role("main").get_by_role("link").filter(has_text="/confirm/").click()
    nora.picture("confirm")
    nora.press("Yes, confirm it")
    page.wait_for_url("**/home/")
    expect(page.get_by_role("heading", name="Harbour Clinic")).to_be_visible()
    nora.picture("home of a new company")


def make_an_agent(nora: Person) -> None:
    """From the words of its line of business, with what callers will say; published."""
    page = nora.page
    nora.go("Agents")
    nora.fill("Name of the agent", "Emma")
    nora.press("Create agent")
    expect(page.get_by_label("Greeting")).to_have_value(
        "Thanks for calling Harbour Clinic, this is Emma. How can I help?"
    )
    words = page.get_by_label("Words that callers say")
    words.fill(f"{words.input_value()}\nsore throat\npark at the clinic")
    nora.press("Save draft")
    expect(page.get_by_text("Nothing to mend")).to_be_visible()
    nora.picture("an agent as a draft")
    nora.fill("Why", "First words")
    nora.press("Publish")
    expect(page.get_by_text("Version 1 is live")).to_be_visible()
    nora.picture("an agent that is live")


def set_opening_hours(nora: Person) -> None:
    """What visits are booked by."""
    page = nora.page
    nora.go("Opening hours")
    for day in WEEKDAYS:
        page.get_by_label(f"{day} opens").fill("08:00")
        page.get_by_label(f"{day} closes").fill("18:00")
    nora.press("Set opening hours")
    expect(page.get_by_text("Opening hours are set")).to_be_visible()
    nora.picture("opening hours")


def upload(nora: Person, path: Path) -> None:
    """A file with a fact that nothing else knows, until the agent may look into it."""
    path.write_text(DOCUMENT, encoding="utf-8")
    page = nora.page
    nora.go("Knowledge")
    nora.follow("Add a document")
    page.get_by_label("File", exact=True).set_input_files(path)
    nora.picture("a document to add")
    nora.press("Add")
    row = page.get_by_role("row").filter(has_text="visiting-us.md")
    expect(row.get_by_text("ready", exact=True)).to_be_visible(timeout=JOB_S * 1000)
    nora.picture("knowledge that is ready")


def try_in_writing(nora: Person) -> None:
    """The model that answers calls, with what it looked up."""
    page = nora.page
    nora.go("Agents")
    nora.follow("Emma")
    nora.fill("What the caller says", QUESTION)
    nora.press("Say")
    talk = page.get_by_label("Conversation")
    expect(talk).to_contain_text("Looked up: visiting-us.md")
    expect(talk.get_by_text(FACT).last).to_be_visible()
    expect(talk.get_by_role("listitem").filter(has_text="Emma").last).to_contain_text(
        "behind the old lighthouse", ignore_case=True
    )
    nora.picture("tried in writing")


def get_a_number(nora: Person) -> str:
    """One of this machine's own carrier, with the agent behind it and each step checked."""
    page = nora.page
    nora.go("Numbers")
    nora.picture("no number yet")
    nora.follow("Get a number")
    nora.press("Make an account for us")
    expect(page.get_by_text("Your company has an account of its own now")).to_be_visible()
    nora.picture("a carrier account")
    nora.follow("Buy a number")
    nora.fill("Country", "GB")
    nora.press("Search")
    offer = page.get_by_role("row").filter(has_text="Manchester").first
    number = offer.get_by_role("cell").first.inner_text().strip()
    nora.picture("numbers found")
    offer.get_by_role("link", name="Buy").click()
    page.get_by_label("Agent").select_option(label="Emma")
    nora.picture("a number to buy")
    nora.press("Buy it")
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    nora.press("Check now")
    expect(page.locator("#checkup")).to_contain_text("is in place: call it")
    nora.picture("a number with its agent")
    return number


def add_a_webhook(nora: Person, hooks: Receiver) -> str:
    """The company's server is told everything; the secret that is shown once."""
    page = nora.page
    nora.go("Webhooks")
    nora.follow("Add endpoint")
    nora.fill("Address", hooks.url)
    nora.press("Add endpoint")
    secret = page.locator("#secret").inner_text()
    nora.picture("a webhooks secret")
    nora.follow("I have kept it")
    return secret


def ring(machine: WholeMachine, number: str) -> None:
    """As `make call TO=…` does, in the voice of the demo's patient."""
    spoken = [word for name in SAYS for word in ("--say", str(VOICES / f"{name}.wav"))]
    called = subprocess.run(
        (sys.executable, "manage.py", "place_call", "--to", number, *spoken),
        cwd=env.REPOSITORY,
        env={**public_environment(), "WARMLINE_HOME": str(machine.home.root)},
        capture_output=True,
        encoding="utf-8",
        timeout=CALL_S,
        check=False,
    )
    assert called.returncode == 0, called.stdout + called.stderr


def see_the_call(nora: Person) -> str:
    """On its page the agent said the fact, which it had looked up, and booked; the call's id."""
    page = nora.page
    nora.go("Calls")
    nora.picture("calls")
    page.locator("tr[data-call]").first.get_by_role("link").first.click()
    call = page.get_by_label("Transcript")
    expect(call).to_contain_text("Looked up: visiting-us.md")
    expect(call.locator("li.agent").filter(has_text=FACT)).to_be_visible()
    expect(page.get_by_label("Booked in this call")).to_contain_text("Sore throat")
    nora.picture("a call that was answered")
    return urlsplit(page.url).path.rsplit("/", maxsplit=1)[-1]


def see_the_booking(nora: Person) -> None:
    """For whom, and what."""
    main = nora.go("Bookings")
    row = main.get_by_role("row").filter(has_text="sore throat")
    expect(row).to_contain_text("mary jones", ignore_case=True)
    nora.picture("bookings")


def see_the_deliveries(nora: Person) -> None:
    """The endpoint's page says what was sent and taken."""
    nora.go("Webhooks")
    nora.page.get_by_role("main").get_by_role("row").last.get_by_role("link").click()
    expect(nora.page.get_by_role("row").filter(has_text="booking.created")).to_be_visible()
    nora.picture("webhooks delivered")


def invite(nora: Person) -> None:
    """A colleague who shall judge calls."""
    page = nora.page
    nora.go("Members")
    nora.fill("E-mail", ROBIN)
    page.get_by_label("Role", exact=True).select_option(label="Reviewer")
    nora.press("Send invitation")
    expect(page.get_by_text(ROBIN).first).to_be_visible()
    nora.picture("a colleague invited")


def accept(robin: Person) -> None:
    """By the mail's link, with an account of their own."""
    page = robin.page
    page.goto("/mailbox/")
    robin.open_mail("Harbour Clinic", to=ROBIN)
    page.get_by_role("main").get_by_role("link").filter(has_text="/invitation").click()
    robin.fill("Your name", "Robin Reviewer")
    robin.fill("Password", PASSWORD)
    robin.picture("an invitation")
    robin.press("Open account and join")
    robin.fill("E-mail", ROBIN)
    robin.fill("Password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/home/")
    robin.picture("a reviewers home")


def review(robin: Person, call_id: str) -> None:
    """They hear the call and change nothing: neither shown nor, by its address, opened."""
    page = robin.page
    shown = page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()
    assert {"Calls", "Bookings", "Shadow review"} <= set(shown)
    assert not {"Members", "API keys", "Webhooks", "Usage", "Audit log"} & set(shown)
    for address in ("/members/", "/keys/", "/webhooks/", "/numbers/search"):
        answer = page.request.get(address)
        assert answer.status == 403, f"{address}: {answer.status}"
    robin.go("Agents")
    robin.follow("Emma")
    expect(page.get_by_label("Greeting")).to_be_disabled()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    robin.picture("an agent as a reviewer sees it")
    robin.go("Calls")
    page.locator(f"tr[data-call='{call_id}']").get_by_role("link").first.click()
    expect(page.get_by_label("Transcript")).to_contain_text(FACT)
    expect(page.locator("audio")).to_be_visible()
    expect(page.get_by_role("button", name="Delete this call")).to_have_count(0)
    robin.picture("a call as a reviewer sees it")


def make_a_key(nora: Person) -> str:
    """For a program that reads; the key that is shown once."""
    page = nora.page
    nora.go("API keys")
    nora.follow("Make the first key")
    nora.fill("Name", "The CRM")
    nora.picture("a key to make")
    nora.press("Make the key")
    secret = page.locator("#secret").inner_text()
    nora.picture("a new key")
    nora.follow("I have copied it")
    return secret


def read_by_program(url: str, secret: str, call_id: str) -> None:
    """The call and its words, by the generated client and that key alone."""
    with AuthenticatedClient(url, secret) as client:
        calls = list_calls.sync(client=client)
        transcript = get_call_transcript.sync(UUID(call_id), client=client)
    assert isinstance(calls, CallLinePage)
    assert [str(call.id) for call in calls.items] == [call_id]
    assert isinstance(transcript, Transcript)
    said = [line.text for line in transcript.transcript if line.speaker == "agent"]
    assert any(FACT.casefold() in text.casefold() for text in said), said
