"""Pictures of the steps of a story, kept for people to look at."""

import os
import re
import shutil
from itertools import count
from pathlib import Path

from playwright.sync_api import Page

from warmline.kernel import env


class Pictures:
    """One PNG a step, in order: in the folder of WARMLINE_TEST_PICTURES, else in
    `.warmline/NAME`, of this run alone.
    """

    def __init__(self, name: str) -> None:
        given = os.environ.get("WARMLINE_TEST_PICTURES")
        self.folder = Path(given) / name if given else env.REPOSITORY / ".warmline" / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._number = count(1)

    def take(self, page: Page, step: str) -> None:
        """Keep the page whole, as it is now, in a window as high as it is: what sticks to the
        window's edge would else lie across the middle.
        """
        window = page.viewport_size
        assert window is not None
        page.wait_for_load_state()  # on the way to another page there is no document
        height = max(window["height"], page.locator("html").evaluate("html => html.scrollHeight"))
        page.set_viewport_size({"width": window["width"], "height": height})
        name = re.sub(r"[^a-z0-9]+", "-", step.casefold()).strip("-")
        path = self.folder / f"{next(self._number):02}-{name}.png"
        page.screenshot(path=path, full_page=True, animations="disabled")
        page.set_viewport_size(window)
