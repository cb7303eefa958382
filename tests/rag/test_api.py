"""Knowledge through the REST API: what is added, found, replaced and refused."""

import io
from typing import Any

import pytest

from tests.rag import files
from tests.rag.companies import Company, company, neighbour  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
NOBODY = "01920000-0000-7000-8000-000000000000"


def added(company: Company, **fields: Any) -> str:
    """A text that is ready; its id."""
    body = {"title": "Hours", "text": "We open at seven in the morning."} | fields
    response = company.api()("POST", "/documents", body)
    assert response.status_code == 201, response.content
    company.work()
    return str(response.json()["id"])


def test_a_file_is_uploaded_found_replaced_and_removed(company: Company) -> None:
    """The whole life of a document."""
    api = company.api()
    raw = files.pdf([["# Weekend visits", "They cost an extra forty dollars each."]])
    response = api.upload("/documents", file=_named(raw, "prices.pdf"), title="Prices")
    assert response.status_code == 201
    made = response.json()
    assert (made["state"], made["answers"], made["source"]) == ("queued", False, "file")
    assert response["Location"] == f"/api/v1/knowledge/documents/{made['id']}"
    company.work()
    place = f"/documents/{made['id']}"
    ready = api("GET", place)
    assert (ready.json()["state"], ready.json()["passages"]) == ("ready", 1)
    assert api("GET", place, **{"If-None-Match": ready["ETag"]}).status_code == 304
    answer = api("POST", "/search", {"question": "what do visits on the weekend cost"}).json()
    assert answer["fits"]
    best = answer["passages"][0]
    assert (best["heading"], best["page"], best["title"]) == ("Weekend visits", 1, "Prices")
    assert best["because"].startswith("near in meaning")
    (passage,) = api("GET", f"{place}/passages").json()["items"]
    assert passage["text"] == "They cost an extra forty dollars each."
    replaced = api("PUT", f"{place}/content", {"text": "They cost ninety dollars more."})
    assert (replaced.status_code, replaced.json()["answers"]) == (202, True)
    company.work()
    (passage,) = api("GET", f"{place}/passages").json()["items"]
    assert passage["text"] == "They cost ninety dollars more."
    stale = api("DELETE", place, **{"If-Match": ready["ETag"]})
    assert stale.status_code == 412
    assert api("DELETE", place).status_code == 204
    assert api("GET", place).status_code == 404


def test_nothing_fits_is_an_answer(company: Company) -> None:
    """With what came nearest, and why it does not do."""
    added(company)
    answer = company.api()("POST", "/search", {"question": "do you sell elephants"}).json()
    assert not answer["fits"]
    assert [passage["answers"] for passage in answer["passages"]] == [False]
    assert "too far" in answer["passages"][0]["because"]
    empty = company.api()("POST", "/search", {"question": "x", "collection_ids": [NOBODY]})
    assert empty.status_code == 404


def test_documents_are_listed_in_pages_and_filtered(company: Company) -> None:
    """By collection, state and title."""
    api = company.api()
    north = api("POST", "/collections", {"name": "North"}).json()["id"]
    for n in range(5):
        added(company, title=f"Hours {n}", collection_id=north)
    added(company, title="Prices")
    seen, page = [], api("GET", "/documents?limit=2").json()
    seen += page["items"]
    while page["next_cursor"]:
        page = api("GET", f"/documents?limit=2&cursor={page['next_cursor']}").json()
        seen += page["items"]
    assert len({document["id"] for document in seen}) == 6
    assert [d["title"] for d in api("GET", "/documents?title=pric").json()["items"]] == ["Prices"]
    assert len(api("GET", f"/documents?collection_id={north}").json()["items"]) == 6
    assert api("GET", "/documents?state=failed").json()["items"] == []
    assert api("GET", "/documents?colour=red").status_code == 400


def test_collections_are_made_changed_and_removed(company: Company) -> None:
    """One with documents in it stays."""
    api = company.api()
    north = api("POST", "/collections", {"name": "North"}).json()
    assert api("POST", "/collections", {"name": "north"}).status_code == 409
    place = f"/collections/{north['id']}"
    assert api("PATCH", place, {"description": "Up there"}).json()["description"] == "Up there"
    document = added(company, collection_id=north["id"])
    assert api("DELETE", place).status_code == 409
    api("DELETE", f"/documents/{document}")
    assert api("DELETE", place).status_code == 204
    assert api("GET", "/collections").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"title": "x"}, 400),
        ({"text": "words"}, 400),
        ({"title": "x", "text": " "}, 400),
        ({"title": "x", "text": "a", "url": "https://a.example"}, 400),
        ({"title": "x", "text": "a", "site_map": True}, 400),
        ({"title": "x", "text": "a", "collection_id": NOBODY}, 404),
        ({"title": "x", "text": "a", "collection_id": "north"}, 400),
        ({"title": "x" * 201, "text": "a"}, 400),
        ({"title": "x", "text": "a" * 200_001}, 400),
        ({"title": "x", "text": "\u200b"}, 400),
        ({"title": "x", "text": "a\x00"}, 400),
        ({"title": "\ud800", "text": "a"}, 400),
        ({"title": "x", "text": "a", "tenant": "b"}, 400),
        ({"url": "file://localhost/etc/hosts"}, 400),
        ({"url": "https://user:secret@example.com/"}, 400),
        ({"url": "x" * 2001}, 400),
        ({"title": ["x"], "text": {"a": 1}}, 400),
        ([], 400),
    ],
)
def test_what_is_no_document_is_refused(company: Company, body: Any, status: int) -> None:
    """With the field that it is about, and nothing is kept."""
    response = company.api()("POST", "/documents", body)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert company.api()("GET", "/documents").json()["items"] == []


def test_a_file_that_is_none_is_refused(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty, too large, missing, no form at all; names that lead elsewhere or have no end."""
    monkeypatch.setenv("WARMLINE_DOCUMENT_MB", "1")
    api = company.api()
    for raw, status in ((b"", 400), (bytes(1024 * 1024 + 1), 413)):
        assert api.upload("/documents", file=_named(raw, "a.txt")).status_code == status
    assert api.upload("/documents", title="x").status_code == 400
    assert api.upload("/documents", file="no file", title="x").status_code == 400
    for name in ("../../etc/passwd", "a\\..\\b.txt", "x" * 900 + ".txt", "\u202etxt.exe"):
        response = api.upload("/documents", file=_named(name.encode(), name))
        assert response.status_code == 201, response.content
        shown = response.json()["file_name"]
        assert len(shown) <= 200
        assert not {"/", "\\", "\u202e"} & set(shown)
    endless = api.upload("/documents", file=_named(b"words", "x" * 10_000))
    assert endless.status_code == 400


def test_another_companys_knowledge_is_not_there(company: Company, neighbour: Company) -> None:
    """By any address, in any body."""
    document = added(company)
    api = company.api()
    collection = api("GET", f"/documents/{document}").json()["collection_id"]
    other = neighbour.api()
    for method, path, body in (
        ("GET", f"/documents/{document}", None),
        ("PATCH", f"/documents/{document}", {"title": "mine"}),
        ("DELETE", f"/documents/{document}", None),
        ("PUT", f"/documents/{document}/content", {"text": "mine"}),
        ("POST", f"/documents/{document}/retry", None),
        ("GET", f"/documents/{document}/passages", None),
        ("GET", f"/collections/{collection}", None),
        ("PATCH", f"/collections/{collection}", {"name": "mine"}),
        ("DELETE", f"/collections/{collection}", None),
        ("POST", "/documents", {"title": "x", "text": "y", "collection_id": collection}),
        ("POST", "/search", {"question": "when", "collection_ids": [collection]}),
    ):
        assert other(method, path, body).status_code == 404, (method, path)
    own = added(neighbour, title="Other")
    moved = other("PATCH", f"/documents/{own}", {"collection_id": collection})
    assert moved.status_code == 404
    assert api("GET", f"/documents/{document}").json()["title"] == "Hours"


def test_the_quota_is_told(company: Company) -> None:
    """What there is, and may be."""
    added(company)
    quota = company.api()("GET", "").json()
    assert (quota["documents"], quota["passages"]) == (1, 1)
    assert quota["max_document_bytes"] == 50 * 1024 * 1024


def _named(raw: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(raw)
    file.name = name
    return file
