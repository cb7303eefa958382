"""The pages of knowledge: what a builder adds, sees and tries, and what a viewer may not."""

import io
import re
from typing import Any

import pytest
from django.test import Client

from rag import queries
from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tests.rag import files
from tests.rag.companies import Company, company, neighbour  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


def signed_in(company: Company, *, role: str) -> Client:
    """A browser of a member with that role."""
    user = create_user(f"{role}-{company.tenant_id}@example.com", password="a long enough password")
    with as_tenant(company.tenant_id):
        add_member(user, role=role)
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    """What a page says."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_builder_adds_a_file_and_sees_it_become_ready(company: Company) -> None:
    """Then its passages, and the answer to a question with where it stands."""
    browser = signed_in(company, role="builder")
    assert "know nothing yet" in words(browser.get("/knowledge/"))
    file = io.BytesIO(files.pdf([["# Weekend visits", "They cost an extra forty dollars."]]))
    file.name = "prices.pdf"
    added = browser.post("/knowledge/add/file", {"file": file, "title": "", "collection_id": ""})
    assert added.status_code == 302
    waiting = browser.get("/knowledge/")
    assert "waiting" in words(waiting)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    company.work()
    rows = browser.get("/knowledge/?part=rows").content.decode()
    assert "every 2s" not in rows
    assert "<html" not in rows
    with as_tenant(company.tenant_id):
        (line,) = queries.documents()
    page = browser.get(f"/knowledge/documents/{line.id}")
    assert "Weekend visits · page 1" in words(page)
    found = words(browser.get("/knowledge/question?question=what+do+visits+cost&collection_id="))
    assert "would be used" in found
    assert "near in meaning" in found
    assert "Nothing fits" in words(browser.get("/knowledge/question?question=elephants"))


def test_what_is_wrong_stands_beside_its_field(company: Company) -> None:
    """With 422, and nothing is kept."""
    browser = signed_in(company, role="builder")
    empty = io.BytesIO(b"")
    empty.name = "empty.txt"
    for path, form, field in (
        ("/knowledge/add/text", {"title": "", "text": "x"}, "title"),
        ("/knowledge/add/text", {"title": "x", "text": "\u200b"}, "text"),
        ("/knowledge/add/page", {"url": "ftp://a.example/"}, ""),
        ("/knowledge/add/file", {"title": "x"}, "file"),
        ("/knowledge/add/file", {"file": empty}, "file"),
        ("/knowledge/collections", {"name": " "}, "name"),
    ):
        response = browser.post(path, form)
        assert response.status_code == 422, (path, form)
        if field:
            assert f'id="id_{field}_error"' in response.content.decode(), path
    with as_tenant(company.tenant_id):
        assert queries.documents() == ()
    assert browser.get("/knowledge/add/anything").status_code == 404


def test_a_document_is_renamed_replaced_tried_again_and_removed(company: Company) -> None:
    """By its own page."""
    browser = signed_in(company, role="builder")
    browser.post("/knowledge/add/text", {"title": "Hours", "text": "We open at seven."})
    company.work()
    with as_tenant(company.tenant_id):
        (line,) = queries.documents()
    place = f"/knowledge/documents/{line.id}"
    renamed = {"title": "Opening times", "collection_id": str(line.collection_id)}
    assert browser.post(f"{place}/change", renamed).status_code == 302
    assert browser.post(f"{place}/replace", {"text": "a", "url": "b"}).status_code == 422
    scan = io.BytesIO(files.pdf([[""]]))
    scan.name = "scan.pdf"
    assert browser.post(f"{place}/replace", {"file": scan}).status_code == 302
    company.work()
    page = words(browser.get(place))
    assert "Opening times" in page
    assert "pictures" in page
    assert "earlier one answers" in page
    assert browser.post(f"{place}/retry").status_code == 302
    assert browser.post(f"{place}/remove").status_code == 302
    assert browser.get(place).status_code == 404


def test_a_viewer_looks_and_changes_nothing(company: Company, neighbour: Company) -> None:
    """Another company's member finds nothing at all."""
    builder = signed_in(company, role="builder")
    builder.post("/knowledge/add/text", {"title": "Hours", "text": "We open at seven."})
    company.work()
    with as_tenant(company.tenant_id):
        (line,) = queries.documents()
    place = f"/knowledge/documents/{line.id}"
    viewer = signed_in(company, role="viewer")
    shown = viewer.get(place)
    assert "We open at seven." in words(shown)
    assert "remove" not in shown.content.decode().lower()
    for path in ("/knowledge/add", "/knowledge/collections"):
        assert viewer.get(path).status_code == 403
    stranger = signed_in(neighbour, role="builder")
    assert stranger.get(place).status_code == 404
    for browser, status in ((viewer, 403), (stranger, 404)):
        for verb in ("change", "replace", "remove", "retry", "fetch"):
            form = {"title": "x", "text": "x", "collection_id": str(line.collection_id)}
            assert browser.post(f"{place}/{verb}", form).status_code == status, verb


def test_what_a_document_says_is_shown_as_text(company: Company) -> None:
    """A script in a title, a name or a passage is words."""
    browser = signed_in(company, role="builder")
    evil = "<script>alert(1)</script>"
    browser.post("/knowledge/add/text", {"title": evil, "text": f"We say {evil} to you."})
    company.work()
    with as_tenant(company.tenant_id):
        (line,) = queries.documents()
    for path in (
        "/knowledge/",
        f"/knowledge/documents/{line.id}",
        "/knowledge/question?question=what+do+you+say",
    ):
        assert evil not in browser.get(path).content.decode()
