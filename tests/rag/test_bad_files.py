"""Files that are none: by page and by API alike each is refused in words, and nothing is half-done.

What is too large or empty is refused at once; what is in a file shows when the jobs read it.
"""

import io
from typing import Any

import pytest

from rag import originals, queries
from rag.models import Chunk
from tenants.context import as_tenant
from tests.rag import files
from tests.rag.companies import Company, company, neighbour  # noqa: F401  fixtures
from tests.rag.test_pages import signed_in, words

pytestmark = pytest.mark.django_db
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Name, sender's word for what it is, content, and what its owner is told.
BAD = (
    ("bomb.docx", WORD, files.bomb_docx(), "grows to", "embedded files"),
    ("locked.pdf", PDF, files.encrypted_pdf(), "password", "without the password"),
    ("scan.pdf", PDF, files.pdf([[""], [""]]), "pictures", "OCR"),
    ("words.pdf", PDF, b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture", "PDF, Word"),
    ("called.pdf", PDF, b"just some text", "no PDF file", "save it once more"),
    ("program.txt", "text/plain", b"\x7fELF" + bytes(50), "a program", "PDF, Word"),
    ("prices.csv", "text/csv", b"PK\x03\x04 and no more", "broken archive", "once more"),
)
TRICKS = {
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\system.ini": "system.ini",
    "/etc/cron.d/job": "job",
    "\u202etxt.exe": "txt.exe",
}


def named(raw: bytes, name: str, media_type: str = "text/plain") -> io.BytesIO:
    """A file as a form sends it."""
    file = io.BytesIO(raw)
    form_file: Any = file
    form_file.name, form_file.content_type = name, media_type
    return file


def nothing_is_left(company: Company) -> None:
    """No passage, no vector, nothing that answers; of each document what was uploaded alone."""
    with as_tenant(company.tenant_id):
        lines = queries.documents()
        assert not Chunk.objects.exists()
        assert not any(line.answers or line.passages for line in lines)
    kept = [name for name, _ in originals.names(tenant_id=company.tenant_id)]
    assert len([name for name in kept if not name.endswith(originals.WORDS)]) == len(lines)
    assert company.vectors() == 0


def test_by_the_api_each_is_told_with_what_to_do(company: Company) -> None:
    """In the document that was made for it, which answers nothing."""
    api = company.api()
    made = {}
    for name, media_type, raw, _, _ in BAD:
        response = api.upload("/documents", file=named(raw, name, media_type))
        assert response.status_code == 201, (name, response.content)
        made[name] = response.json()["id"]
    company.work()
    for name, _, _, problem, advice in BAD:
        told = api("GET", f"/documents/{made[name]}").json()
        assert (told["state"], told["answers"]) == ("failed", False), name
        assert problem in told["problem"], name
        assert advice in told["advice"], name
    nothing_is_left(company)


def test_by_the_page_each_is_told_with_what_to_do(company: Company) -> None:
    """On the page of its document."""
    browser = signed_in(company, role="builder")
    for name, media_type, raw, _, _ in BAD:
        form = {"file": named(raw, name, media_type), "title": "", "collection_id": ""}
        assert browser.post("/knowledge/add/file", form).status_code == 302, name
    company.work()
    with as_tenant(company.tenant_id):
        by_name = {line.file_name: line.id for line in queries.documents()}
    for name, _, _, problem, advice in BAD:
        page = words(browser.get(f"/knowledge/documents/{by_name[name]}"))
        assert problem in page, name
        assert advice in page, name
    nothing_is_left(company)


def test_a_name_leads_nowhere(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """By page and API only its last part is shown; the file lies under a name of the store's."""
    browser, api = signed_in(company, role="builder"), company.api()
    for number, (name, shown) in enumerate(TRICKS.items()):
        raw = f"We open at {number}.".encode()
        form = {"file": named(raw, name), "title": f"Page {number}", "collection_id": ""}
        assert browser.post("/knowledge/add/file", form).status_code == 302, name
        sent = api.upload("/documents", file=named(raw, name), title=f"API {number}")
        assert sent.status_code == 201, (name, sent.content)
        with as_tenant(company.tenant_id):
            newest = queries.documents()[:2]
        assert {line.file_name for line in newest} == {shown}, name
    for name, _ in originals.names(tenant_id=company.tenant_id):
        assert originals.confined(name, tenant_id=company.tenant_id) == name
    monkeypatch.setenv("WARMLINE_DOCUMENT_MB", "1")
    large = named(bytes(1024 * 1024 + 1), "a.txt")
    refused = browser.post("/knowledge/add/file", {"file": large, "title": "x"})
    assert refused.status_code == 422
    assert "at most 1 MB" in words(refused)
