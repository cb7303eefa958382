"""A real browser in front of a real web plane and recorder, over the tests' own services."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.types import MemberRole
from tests import services
from tests.telephony.conftest import carrier, clinic, plumber, warm_regions  # noqa: F401  fixtures
from warmline.embedded.planes import web_command
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.programs import Program, answers_http
from warmline.embedded.running import running
from warmline.kernel.ids import TenantId

PASSWORD = "correct horse battery"
# What the web plane shows at /mailbox/.
MAILBOX = services.home.root / "mailbox"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def site(django_db_setup: None, valkey_server: str) -> Iterator[str]:
    """The web plane on a port of its own; its address."""
    taken: set[int] = set()
    port, internal_port = (choose_port("WARMLINE_TEST_WEB_PORT", taken=taken) for _ in range(2))
    url = f"http://{HOST}:{port}"
    settings = {
        **os.environ,
        "WARMLINE_PUBLIC_URL": url,
        "WARMLINE_MAILBOX": str(MAILBOX),
        # Pages as they are where Twilio is asked, and a name that leads nowhere.
        "TWILIO_API_GATEWAY": "http://gateway.invalid:9",
        "DJANGO_SETTINGS_MODULE": "warmline.settings",
    }
    argv = web_command(port, internal_port)
    web = Program("web", argv, answers_http(f"{url}/healthz/live"), env=settings)
    with running(web, home=services.home):
        yield url


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """Chromium, without a window.

    Playwright keeps an event loop in this thread while it runs, which Django takes for asynchronous
    code and pytest-asyncio for its own: so it ends with the module.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=str(chromium_path), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def recorder(db: None) -> Iterator[None]:
    """The recorder as it runs in production: a process of its own."""
    argv = (sys.executable, "manage.py", "record_calls")
    program = Program("recorder", argv, lambda: None, env=dict(os.environ))
    with running(program, home=services.home):
        yield


@pytest.fixture
def sign_in(
    browser: Browser, site: str, db: None
) -> Iterator[Callable[[TenantId, MemberRole], Page]]:
    """Signs a new member in through the sign-in page, in a browser profile of their own."""
    contexts: list[BrowserContext] = []

    def enter(tenant_id: TenantId, role: MemberRole = MemberRole.ADMIN) -> Page:
        email = f"{role}-{len(contexts)}@example.org"
        user = create_user(email, password=PASSWORD)
        with as_tenant(tenant_id):
            add_member(user, role=role)
        context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.goto("/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/home/")
        page.goto("/calls/")
        return page

    yield enter
    for context in contexts:
        context.close()
