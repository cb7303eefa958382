"""Every page, with everything on it and with nothing, in both schemes and at both widths."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tests.browser.pages import addresses
from tests.browser.pages.companies import PASSWORD, empty_company, filled_company
from tests.browser.pages.looking import Looker, looker
from tests.browser.pages.visitors import (
    Ids,
    add_passkey,
    at_the_door,
    letters,
    operator,
    secured_twice,
    signed_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
# A link that resets a password is taken out of the address, where others might read it.
LEADS_TO = {"/password/reset/{reset}": "/password/reset/{user}-set-password"}
# What a page answers that is there to refuse.
REFUSALS = {"/nowhere": 404, "/agents/{nothing}": 404, "/invitations/spoilt": 404}


def look_at(eyes: Looker, paths: Iterable[str], ids: Ids, *, who: str) -> None:
    """Each of these pages in turn."""
    for path in paths:
        name = named(who, path)
        leads_to = LEADS_TO.get(path, "").format(**ids)
        status = REFUSALS.get(path, 200)
        eyes.open(path.format(**ids), name=name, status=status, leads_to=leads_to)


def named(who: str, path: str) -> str:
    """What a page's pictures are called."""
    return re.sub(r"[^\w=]+", "-", f"{who}{path}").strip("-")


def test_every_page_is_in_the_table(client: Client) -> None:
    """Whatever is not answers no GET."""
    client.force_login(empty_company().owner)
    others = addresses.routes() - addresses.NO_PAGES - addresses.visited()
    statuses = {route: client.get(addresses.example(route)).status_code for route in others}
    assert {route for route, status in statuses.items() if status != 405} == set()


def test_whoever_is_outside_meets_no_barrier(
    browser: Browser, site: str, chroma_server: str
) -> None:
    """The pages around an account, links that are good and links that are spoilt."""
    seen = empty_company()
    ids = letters(seen)
    with at_the_door(browser, site) as context:
        eyes = looker(context)
        look_at(eyes, addresses.NOBODY, ids, who="nobody")
        user = secured_twice()
        eyes.page.goto("/sign-in")
        eyes.page.get_by_label("E-mail").fill(user.email)
        eyes.page.get_by_label("Password").fill(PASSWORD)
        eyes.page.get_by_role("button", name="Sign in", exact=True).click()
        eyes.page.wait_for_url("**/sign-in/code**")
        eyes.look("nobody-sign-in-code")
    assert not eyes.faults, "\n".join(eyes.faults)


def test_a_company_that_has_nothing_yet_is_told_what_to_do(browser: Browser, site: str) -> None:
    """Each page without a row."""
    seen = empty_company()
    with signed_in(browser, site, seen.owner) as context:
        eyes = looker(context)
        look_at(eyes, addresses.COMPANY, {}, who="empty")
        for path, button in addresses.REFUSED:
            eyes.send_nothing(path, button, name=named("refused", path))
        eyes.page.goto("/company/")
        eyes.page.get_by_role("button", name="Leave the company").click()
        eyes.look("dialog-company-leave")
    assert not eyes.faults, "\n".join(eyes.faults)


def test_a_company_that_has_everything_meets_no_barrier(
    browser: Browser, site: str, chroma_server: str, empty_valkey: str
) -> None:
    """Long names, unbroken ones and those that are written from the right."""
    with ThreadPoolExecutor(1) as beside:  # Playwright's loop runs in this thread
        seen = beside.submit(filled_company).result()
    with signed_in(browser, site, seen.owner) as context:
        eyes = looker(context)
        ids = {**seen.ids, **letters(seen)}
        look_at(eyes, (*addresses.COMPANY, *addresses.FILLED), ids, who="filled")
    assert not eyes.faults, "\n".join(eyes.faults)


def test_somebody_with_a_second_factor_and_an_operator_meet_no_barrier(
    browser: Browser, site: str, empty_valkey: str
) -> None:
    """Their own pages."""
    empty_company("Rivertown Plumbing", slug="rivertown")
    # No number has passkeys.
    with signed_in(browser, site.replace("127.0.0.1", "localhost"), secured_twice()) as context:
        eyes = looker(context)
        ids: Ids = {"passkey": str(add_passkey(context, eyes.page))}
        look_at(eyes, addresses.TWICE_SECURED, ids, who="careful")
    with signed_in(browser, site, operator()) as context:
        also = looker(context)
        look_at(also, addresses.OPERATOR, {}, who="operator")
    assert not eyes.faults + also.faults, "\n".join(eyes.faults + also.faults)
