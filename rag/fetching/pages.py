"""One page of a site, if its robots.txt lets us."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.robotparser import RobotFileParser

from rag.extraction.types import Unreadable
from warmline.kernel.outbound.addresses import PublicUrl, parse_url
from warmline.kernel.outbound.errors import BadAddress, Unreachable
from warmline.kernel.outbound.public_http import Answer, open_public

AGENT: Final = "Warmline"
MAX_PAGE_BYTES: Final = 20 * 1024 * 1024
PAGE_S: Final = 20.0
MAX_REDIRECTS: Final = 5
_ROBOTS_BYTES: Final = 512 * 1024  # as much as RFC 9309 asks to be read
_ROBOTS_S: Final = 5.0
_ROBOTS_KEPT_S: Final = 600
_ACCEPT: Final = "text/html, application/pdf, text/*;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page answered."""

    url: str
    media_type: str
    body: bytes


def fetch_page(url: str) -> Page:
    """The page as it is now; `Unreadable` for one that is not given to us.

    `BadAddress` for what is not on the public internet, `Unreachable` when nobody answers.
    """
    there = parse_url(url)
    if not may_fetch(there):
        raise Unreadable(
            "The site's robots.txt does not allow this page to be fetched.",
            advice=f"Allow the agent {AGENT} there, or upload the page as a file.",
        )
    answer = fetched(str(there), accept=_ACCEPT)
    if not answer.whole:
        raise Unreadable(
            f"The page has more than {MAX_PAGE_BYTES // (1024 * 1024)} MB.",
            advice="Name a smaller page, or upload what matters as a file.",
        )
    return Page(answer.url, answer.media_type, answer.body)


def fetched(url: str, *, accept: str) -> Answer:
    """What an address answers with 200; `Unreadable` for another status."""
    answer = open_public(
        url,
        headers={"Accept": accept},
        timeout_s=PAGE_S,
        max_bytes=MAX_PAGE_BYTES,
        max_redirects=MAX_REDIRECTS,
    )
    if answer.status == 429 or answer.status >= 500:
        raise Unreachable(f"{url[:80]}: answered {answer.status}")
    if answer.status != 200:
        raise Unreadable(
            f"The address answered with status {answer.status} instead of a page.",
            advice="Open it in a browser without signing in, and copy the address that works.",
        )
    return answer


def may_fetch(url: PublicUrl) -> bool:
    """Whether the site's robots.txt lets us fetch this; one that is not there lets everybody."""
    robots = _robots(f"{url.scheme}://{url.authority}", int(time.time() // _ROBOTS_KEPT_S))
    return robots is None or robots.can_fetch(AGENT, str(url))


@lru_cache(maxsize=256)
def _robots(origin: str, _: int) -> RobotFileParser | None:
    """A site's rules, for ten minutes."""
    try:
        answer = open_public(
            f"{origin}/robots.txt",
            timeout_s=_ROBOTS_S,
            max_bytes=_ROBOTS_BYTES,
            max_redirects=MAX_REDIRECTS,
        )
    except BadAddress:
        return None  # the page itself will be refused with the reason, or it redirects elsewhere
    if answer.status >= 500 or answer.status == 429:
        raise Unreachable(f"{origin}/robots.txt: answered {answer.status}")
    if answer.status != 200:
        return None
    rules = RobotFileParser()
    rules.parse(answer.body.decode("utf-8", errors="replace").splitlines())
    rules.modified()
    return rules
