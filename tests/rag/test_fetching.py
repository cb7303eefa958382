"""Pages and site maps are fetched as far as their sites allow, and never from inside."""

import gzip
from collections.abc import Iterator

import pytest

from rag import queries
from rag.actions import queue_page, queue_site, replace_with_page, retry_document
from rag.extraction.types import Unreadable
from rag.fetching import pages
from rag.fetching.pages import fetch_page
from rag.fetching.site_maps import site_pages
from rag.ingestion.claims import MOST_ATTEMPTS, postpone
from rag.ingestion.run import ingest
from rag.models import Revision
from rag.types import UNFINISHED
from tenants.context import as_tenant
from tests.outbound.test_public_http import Site, says, site  # noqa: F401  fixture
from tests.rag.companies import Company, company  # noqa: F401  fixture
from warmline.kernel.outbound.errors import BadAddress, PrivateAddress, Unreachable

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The site's address, where the operator has opened loopback; robots.txt is read anew."""
    monkeypatch.setenv("WARMLINE_OUTBOUND_NETWORKS", "127.0.0.0/8")
    pages._robots.cache_clear()
    yield f"http://127.0.0.1:{site.port}"
    pages._robots.cache_clear()


def html(words: str, title: str = "A page") -> bytes:
    return f"<html><title>{title}</title><body><p>{words}</p></body></html>".encode()


def test_a_page_becomes_a_document_and_is_fetched_again(
    company: Company, site: Site, opened: str
) -> None:
    """Under its own title; the page as it was answers until the new one is read."""
    site.pages["/hours"] = says(
        html("We open at seven each morning.", "Hours"), Content_Type="text/html"
    )
    with as_tenant(company.tenant_id):
        document_id = queue_page(f"{opened}/hours")
    company.work()
    with as_tenant(company.tenant_id):
        line = queries.document(document_id)
        assert (line.title, line.state, line.source) == ("Hours", "ready", "page")
        assert queue_page(f"{opened}/hours") == document_id
        site.pages["/hours"] = says(html("We open at nine each morning.", "Hours"))
        replace_with_page(document_id)
    assert "seven" in company.answers("when do you open each morning")[0]
    company.work()
    assert "nine" in company.answers("when do you open each morning")[0]


def test_a_page_that_leads_inside_is_refused_with_its_reason(
    company: Company, site: Site, opened: str
) -> None:
    """By its address, or on the way."""
    site.pages["/away"] = says(b"", status=302, Location="http://169.254.169.254/latest")
    with as_tenant(company.tenant_id):
        documents = [
            queue_page(f"{opened}/away"),
            queue_page("http://[::1]/"),
            queue_page("http://10.0.0.1/"),
        ]
        with pytest.raises(BadAddress):
            queue_page("gopher://10.0.0.1/")
    company.work()
    with as_tenant(company.tenant_id):
        for document_id in documents:
            line = queries.document(document_id)
            assert (line.state, "public internet" in line.advice) == ("failed", True)


def test_a_site_that_is_away_is_asked_again_and_then_given_up(
    company: Company, site: Site, opened: str
) -> None:
    """With what it answered last; tried again by hand it is read."""
    site.pages["/hours"] = says(b"", status=503)
    with as_tenant(company.tenant_id):
        document_id = queue_page(f"{opened}/hours")
        revision = Revision.objects.get()
        for attempt in range(1, MOST_ATTEMPTS + 1):
            with pytest.raises(Unreachable) as away:
                ingest(revision.pk, seconds=60)
            assert postpone(revision.pk, why=str(away.value)) == attempt
            assert queries.document(document_id).state in UNFINISHED
        assert not ingest(revision.pk, seconds=60)
        line = queries.document(document_id)
        assert (line.state, "answered 503" in line.problem) == ("failed", True)
        site.pages["/hours"] = says(html("We open at seven each morning."))
        retry_document(document_id)
        assert not ingest(revision.pk, seconds=60)
        ready = queries.document(document_id)
        assert (ready.state, ready.problem) == ("ready", "")


def test_robots_txt_is_kept_to(site: Site, opened: str) -> None:
    """For us by name or for everybody; where there is none, all is allowed."""
    site.pages["/a"] = site.pages["/private/b"] = says(html("Words."))
    assert fetch_page(f"{opened}/private/b").body
    pages._robots.cache_clear()
    site.pages["/robots.txt"] = says(b"User-agent: *\nDisallow: /private/\n")
    assert fetch_page(f"{opened}/a").body
    with pytest.raises(Unreadable, match=r"robots\.txt"):
        fetch_page(f"{opened}/private/b")
    pages._robots.cache_clear()
    site.pages["/robots.txt"] = says(b"", status=503)
    with pytest.raises(Unreachable):
        fetch_page(f"{opened}/a")


def test_what_is_no_page_is_told(site: Site, opened: str) -> None:
    """Gone, forbidden, busy, without end."""
    site.pages |= {
        "/gone": says(b"", status=410),
        "/busy": says(b"", status=429),
        "/large": says(b"x" * (pages.MAX_PAGE_BYTES + 1)),
    }
    for path in ("/gone", "/nothing", "/large"):
        with pytest.raises(Unreadable):
            fetch_page(f"{opened}{path}")
    with pytest.raises(Unreachable):
        fetch_page(f"{opened}/busy")
    with pytest.raises(PrivateAddress):
        fetch_page("http://192.168.1.1/")


def test_a_site_map_adds_the_pages_of_its_own_site(
    company: Company, site: Site, opened: str
) -> None:
    """Through an index and compressed; another site's and forbidden ones are left out, and told."""
    inner = f"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>{opened}/hours</loc></url><url><loc>{opened}/hours</loc></url>
    <url><loc>{opened}/private/x</loc></url><url><loc>https://other.example/</loc></url>
    <url><loc>javascript:alert(1)</loc></url></urlset>"""
    index = f"""<sitemapindex><sitemap><loc>{opened}/inner.xml.gz</loc></sitemap>
    <sitemap><loc>http://10.0.0.1/map.xml</loc></sitemap></sitemapindex>"""
    site.pages |= {
        "/robots.txt": says(b"User-agent: Warmline\nDisallow: /private/\n"),
        "/sitemap.xml": says(index.encode()),
        "/inner.xml.gz": says(gzip.compress(inner.encode())),
        "/hours": says(html("We open at seven each morning.", "Hours")),
    }
    with as_tenant(company.tenant_id):
        map_id = queue_site(f"{opened}/sitemap.xml")
    company.work()
    company.work()
    with as_tenant(company.tenant_id):
        line = queries.document(map_id)
        assert (line.state, line.pages) == ("ready", 1)
        assert "1 not allowed by robots.txt" in line.advice
        newest, *_ = queries.documents()
        assert newest.title == "Hours"
    assert company.answers("when do you open each morning")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"not xml",
        b'<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>',
        b'<!DOCTYPE x SYSTEM "http://10.0.0.1/x"><urlset/>',
        b"<urlset></urlset>",
        b"\x1f\x8bbroken",
    ],
)
def test_what_is_no_site_map_is_told(site: Site, opened: str, body: bytes) -> None:
    """Bombs and entities among them."""
    site.pages["/sitemap.xml"] = says(body)
    with pytest.raises(Unreadable, match="site map"):
        site_pages(f"{opened}/sitemap.xml")
