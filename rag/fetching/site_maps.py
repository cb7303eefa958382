"""A site map's pages: of its own host, as many as are taken, as far as robots.txt lets us."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from rag.extraction.types import Unreadable
from rag.fetching.pages import fetched, may_fetch
from warmline.kernel.outbound.addresses import PublicUrl, parse_url
from warmline.kernel.outbound.errors import BadAddress

MAX_PAGES: Final = 300
# A site map may name others, which name pages and no more site maps.
MAX_SITE_MAPS: Final = 20
_XML_BYTES: Final = 20 * 1024 * 1024
_LISTED: Final = 50_000  # as many as a site map may have by its own rules


@dataclass(frozen=True, slots=True)
class SitePages:
    """The pages that a site map gives us, and how many of those that it names are left out."""

    urls: tuple[str, ...]
    elsewhere: int  # of another host
    forbidden: int  # by robots.txt
    beyond: int  # more than are taken


def site_pages(url: str) -> SitePages:
    """The pages of a site map; `Unreadable` when it is none."""
    there = parse_url(url)
    kind, locations = _listed(there)
    if kind == "sitemapindex":
        maps, locations = locations[:MAX_SITE_MAPS], []
        for location in maps:
            inner = _page(location, host=there.host)
            if inner is not None:
                locations += _listed(inner)[1]
    pages: dict[str, PublicUrl | None] = {
        location: _page(location, host=there.host) for location in dict.fromkeys(locations)
    }
    here = {str(page): page for page in pages.values() if page is not None}
    allowed = [text for text, page in here.items() if may_fetch(page)]
    if not allowed:
        raise Unreadable(
            "The site map names no page of its own site that may be fetched.",
            advice="Check that its addresses begin as its own does, and that robots.txt allows "
            "them.",
        )
    return SitePages(
        urls=tuple(allowed[:MAX_PAGES]),
        elsewhere=list(pages.values()).count(None),
        forbidden=len(here) - len(allowed),
        beyond=max(0, len(allowed) - MAX_PAGES),
    )


def _listed(url: PublicUrl) -> tuple[str, list[str]]:
    """What kind of site map this is, and what it lists."""
    raw = _unpacked(fetched(str(url), accept="application/xml, text/xml, */*;q=0.1").body)
    try:
        root = fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise _no_map() from None
    kind = _plain(root.tag)
    if kind not in {"urlset", "sitemapindex"}:
        raise _no_map()
    return kind, list(_locations(root))


def _locations(root: Element) -> Iterator[str]:
    for number, element in enumerate(root.iter()):
        if number > 10 * _LISTED:
            return
        if _plain(element.tag) == "loc" and element.text:
            yield element.text.strip()


def _plain(tag: object) -> str:
    """A tag's name without its namespace."""
    return str(tag).rpartition("}")[2].lower()


def _page(location: str, *, host: str) -> PublicUrl | None:
    try:
        page = parse_url(location)
    except BadAddress:
        return None
    return page if page.host == host else None


def _unpacked(raw: bytes) -> bytes:
    """A site map's XML, which may come compressed; no further than its bound."""
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    try:
        with gzip.open(io.BytesIO(raw)) as file:
            return file.read(_XML_BYTES)
    except (OSError, EOFError, zlib.error):
        raise _no_map() from None


def _no_map() -> Unreadable:
    return Unreadable(
        "There is no site map at this address.",
        advice="It is usually at /sitemap.xml; for a single page, add the page itself.",
    )
