"""Knowledge in a real browser: a file goes up, is seen to become ready, and answers."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tenants.types import MemberRole
from tests.rag import files
from tests.rag.companies import Company
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SignIn = Callable[[TenantId, MemberRole], Page]


def test_a_file_goes_up_becomes_ready_and_answers(
    sign_in: SignIn, plumber: TenantId, chroma_server: str, tmp_path: Path
) -> None:
    """The list follows the jobs by itself; a wrong form leads to what is wrong with it."""
    page = sign_in(plumber, MemberRole.BUILDER)
    page.goto("/knowledge/")
    picture(page, "empty")
    page.get_by_role("link", name="Add a document").first.click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    picture(page, "refused")
    path = tmp_path / "prices.pdf"
    visits = ["# Weekend visits", "They cost an extra forty dollars each, holidays sixty."]
    guarantee = ["# Guarantee", "All repairs are guaranteed for two years."]
    path.write_bytes(files.pdf([visits, guarantee]))
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Add", exact=True).click()
    row = page.get_by_role("row").filter(has_text="prices.pdf")
    expect(row).to_contain_text("waiting")
    link = row.get_by_role("link")
    link.focus()
    Company(plumber).work()
    expect(row).to_contain_text("ready")
    expect(link).to_be_focused()
    picture(page, "list")
    link.click()
    expect(page.get_by_text("Weekend visits · page 1")).to_be_visible()
    picture(page, "document")
    page.goto("/knowledge/question")
    page.get_by_label("Question").fill("what do visits on the weekend cost")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("would be used").first).to_be_visible()
    picture(page, "question")
    page.goto("/knowledge/collections")
    picture(page, "collections")


def picture(page: Page, name: str) -> None:
    """Keeps the page as images where `WARMLINE_TEST_PICTURES` names a folder for them."""
    folder = os.environ.get("WARMLINE_TEST_PICTURES")
    if folder is None:
        return
    for width in (1440, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=f"{folder}/knowledge-{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})
