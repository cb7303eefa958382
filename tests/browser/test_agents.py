"""The agents' pages in a real browser: written, mended, tried, published."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tenants.types import MemberRole
from tests.fakes.replicas import Script
from tests.telephony.try_it.conftest import Trying, emma, script  # noqa: F401  fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("chroma_server")]
SignIn = Callable[[Any, MemberRole], Page]


def test_an_agent_is_written_tried_and_published(
    emma: Trying,
    script: Script,
    sign_in: SignIn,
) -> None:
    """From the list to what callers hear, with a mistake on the way that the lint stops."""
    page = sign_in(emma.tenant_id, MemberRole.BUILDER)
    page.goto("/agents/")
    page.get_by_label("Name of the agent").fill("Nora")
    page.get_by_role("button", name="Create agent").click()
    page.get_by_label("Greeting").fill("Hi {{caller}}, this is Nora. How can I help?")
    page.get_by_label("What they are told, row 1").fill("monday to friday eight to six")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("must be mended")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    page.get_by_label("Greeting").fill("Lakeside Clinic, this is Nora. How can I help?")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Nothing to mend")).to_be_visible()
    talk_with(page, script)
    pictures(page, "agent-editor")
    page.get_by_label("Why").fill("First words")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is live")).to_be_visible()
    page.get_by_label("Greeting").fill("Lakeside Clinic, Nora speaking. How can I help?")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("link", name="See what differs").click()
    expect(page.locator("ins").first).to_be_visible()
    pictures(page, "agent-compare")
    page.goto("/agents/")
    page.get_by_role("link", name="Nora").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("button", name="Go back to it").click()
    pictures(page, "agent-versions")
    page.get_by_role("button", name="Go back", exact=True).click()
    expect(page.get_by_text("Version 3 says what version 1 said")).to_be_visible()
    page.goto("/agents/")
    pictures(page, "agents")
    page.goto("/agents/hours")
    pictures(page, "hours")


def talk_with(page: Page, script: Script) -> None:
    """The page's try: an answer as it is said, and a booking that is not made."""
    arguments = '{"reason": "sore throat", "day": "tuesday", "time": "ten", "name": "Ada"}'

    def answer(messages: list[dict[str, Any]]) -> str | list[dict[str, Any]]:
        if "book" in messages[-1]["content"]:
            function = {"name": "book_appointment", "arguments": arguments}
            return [{"index": 0, "id": "c1", "type": "function", "function": function}]
        return "We open at 8:30 am."

    script.answer = answer
    talk = page.get_by_label("Conversation")
    for words in ("when do you open?", "please book me in"):
        page.get_by_label("What the caller says").fill(words)
        page.get_by_role("button", name="Say").click()
        expect(talk).to_contain_text("stub-model")
    expect(talk).to_contain_text("said as: We open at eight thirty a m.")
    expect(talk).to_contain_text("In a call it would: book an appointment")
    expect(talk).to_contain_text("name: Ada")


def pictures(page: Page, name: str) -> None:
    """At two widths, light and dark, where somebody wants to look at them."""
    folder = os.environ.get("WARMLINE_TEST_PICTURES")
    if not folder:
        return
    for width in (1440, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
