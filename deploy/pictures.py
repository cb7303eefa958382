"""The README's pictures, of the newest demo call: `make pictures`, beside a running `make serve`.

Signs in as the plumber's admin in a real browser and draws the newest call that an agent took, and
the newest shadowed one.
"""

import json
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from warmline.embedded.installation import running_installation
from warmline.kernel import env

REPOSITORY = Path(__file__).resolve().parents[1]
PICTURES = REPOSITORY / "deploy" / "pictures"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1280, 800
# The demo's caller whom an agent answers.
ANSWERED = "+12125550147"


def main() -> int:
    """Draw both."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        sys.stderr.write(f"no browser: expected one of {', '.join(CHROMIUM)} to be installed\n")
        return 2
    url = running_installation(env.home()).environment["WARMLINE_PUBLIC_URL"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(base_url=url, viewport={"width": WIDTH, "height": HEIGHT})
        sign_in(page)
        draw(page, newest=f"tr[data-call]:has-text('{ANSWERED}') a", name="call")
        page.goto("/shadow/")
        draw(page, newest="tbody a.number", name="shadow")
        browser.close()
    return 0


def sign_in(page: Page) -> None:
    """As the plumber's admin, to the list of calls."""
    left = json.loads((env.home() / "state" / "demo.json").read_text(encoding="utf-8"))
    plumber = next(given for given in left if given["slug"] == "rivertown-plumbing")
    page.goto("/calls/")
    page.get_by_label("E-mail").fill(plumber["email"])
    page.get_by_label("Password").fill(plumber["password"])
    page.get_by_label("Password").press("Enter")
    page.wait_for_selector("tr[data-call]")


def draw(page: Page, *, newest: str, name: str) -> None:
    """The page behind the first of these links, whole."""
    page.locator(newest).first.click()
    page.wait_for_load_state("networkidle")
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    sys.stdout.write(f"{path.relative_to(REPOSITORY)}\n")


if __name__ == "__main__":
    sys.exit(main())
