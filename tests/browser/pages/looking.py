"""What is wrong with a page: for whoever cannot see it, on a telephone, and by the keyboard."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)
WIDE, NARROW = 1440, 390
HEIGHT: Final = 900
# What is shown at each width is the same in both schemes, and each colour is shown at both widths.
LOOKS: Final[tuple[tuple[int, Scheme], ...]] = ((WIDE, "light"), (NARROW, "dark"))
# Names a folder in which each page is kept as four pictures.
PICTURES: Final = "WARMLINE_TEST_PICTURES"
FORBIDDEN: Final = frozenset(("serious", "critical"))
_AXE: Final = AXE_FILE_PATH.read_text(encoding="utf-8")
_RUN_AXE: Final = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false });
    return violations.map(({ id, impact, help, nodes }) => ({
        id, impact, help,
        nodes: nodes.slice(0, 3).map(({ target, html }) => `${target}: ${html.slice(0, 160)}`),
    }));
}"""
_TOO_WIDE: Final = """() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > room + 0.5)
        .slice(0, 4).map((element) => element.outerHTML.slice(0, 160));
}"""
# What follows a change of width has happened with the next frame.
_DRAWN: Final = """() => new Promise((drawn) => {
    requestAnimationFrame(() => requestAnimationFrame(() => drawn(null)));
})"""
# After a key was pressed, a focus set by script is shown as one that the keyboard set.
_FOCUS_UNSEEN: Final = """() => {
    const can = "a[href], button, input, select, textarea, summary, audio, [tabindex='0']";
    const unseen = [];
    for (const element of document.querySelectorAll(can)) {
        if (element.disabled || !element.checkVisibility({ visibilityProperty: true })) continue;
        element.focus({ preventScroll: true });
        if (document.activeElement !== element) continue;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
        if (!outlined && boxShadow === "none") unseen.push(element.outerHTML.slice(0, 160));
    }
    document.activeElement.blur();
    return unseen.slice(0, 4);
}"""


@dataclass
class Looker:
    """A browser of one visitor, and all that was wrong with the pages it opened."""

    page: Page
    faults: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, path: str, *, name: str, status: int = 200, leads_to: str = "") -> None:
        """Look at the page there."""
        self._show(WIDE, "light")
        answer = self.page.goto(path)
        if answer is None or answer.status != status:
            self._blame(name, f"answered {answer and answer.status}, expected {status}")
        where = urlsplit(self.page.url).path
        if where != (leads_to or urlsplit(path).path):
            self._blame(name, f"led to {where}")
        self.look(name, may_fail=status >= 400)

    def send_nothing(self, path: str, button: str, *, name: str) -> None:
        """Look at a form that was sent empty: what is wrong stands beside its field."""
        self._show(WIDE, "light")
        self.page.goto(path)
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.get_by_role("alert")).to_be_focused()
        wrong = self.page.locator("main [aria-invalid=true]").first
        expect(wrong).to_have_accessible_description(re.compile("."))
        self.look(name, may_fail=True)

    def look(self, name: str, *, may_fail: bool = False) -> None:
        """Look at what is shown now, wide and narrow, light and dark.

        A page that is not found says so in the console too.
        """
        self.page.evaluate(_AXE)
        self._blame(name, *self._structure())
        for width, scheme in LOOKS:
            self._show(width, scheme)
            seen = f"{name} at {width}, {scheme}"
            self._blame(seen, *self._violations(), *self._too_wide())
        self._keep_pictures(name)
        self._blame(name, *self._focus_unseen())
        if not may_fail:
            self._blame(name, *self.said)
        self.said.clear()

    def _show(self, width: int, scheme: Scheme) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.evaluate(_DRAWN)

    def _structure(self) -> Iterator[str]:
        headings = self.page.locator("h1:visible").count()
        if headings != 1:
            yield f"has {headings} headings of the first level, expected one"
        if not self.page.title().removesuffix("· Warmline").strip():
            yield "has no title"

    def _violations(self) -> Iterator[str]:
        for found in self.page.evaluate(_RUN_AXE):
            if found["impact"] in FORBIDDEN:
                yield "\n    ".join((f"{found['id']}: {found['help']}", *found["nodes"]))

    def _too_wide(self) -> Iterator[str]:
        yield from (f"wider than the screen: {html}" for html in self.page.evaluate(_TOO_WIDE))

    def _focus_unseen(self) -> Iterator[str]:
        self.page.keyboard.press("Shift")
        yield from (f"focus is not seen on {html}" for html in self.page.evaluate(_FOCUS_UNSEEN))

    def _keep_pictures(self, name: str) -> None:
        folder = os.environ.get(PICTURES)
        for width, scheme in product((WIDE, NARROW), SCHEMES) if folder else ():
            self._show(width, scheme)
            path = Path(str(folder)) / f"{name}-{width}-{scheme}.png"
            self.page.screenshot(path=path, full_page=True, animations="disabled")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.said.append(f"the console says: {message.text}")

    def _blame(self, name: str, *faults: Any) -> None:
        self.faults += [f"{name}: {fault}" for fault in faults]


def looker(context: BrowserContext) -> Looker:
    """A browser that looks."""
    return Looker(context.new_page())
