"""Knowledge on the command line: the same actions, the same refusals."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.rag.companies import Company, company  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> Any:
    """What the command prints, as JSON."""
    out = io.StringIO()
    call_command(name, *arguments, "--tenant", "rivertown", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_document_is_added_listed_asked_and_removed(company: Company, tmp_path: Path) -> None:
    """Into a collection of its own."""
    path = tmp_path / "prices.md"
    path.write_text("# Weekend visits\n\nThey cost an extra forty dollars each.", encoding="utf-8")
    run("create_collection", "Prices", "--description", "What things cost")
    added = run("add_document", str(path), "--collection", "PRICES")
    assert (added["state"], added["collection"], added["title"]) == (
        "queued",
        "Prices",
        "prices.md",
    )
    company.work()
    (line,) = run("list_documents")
    assert (line["state"], line["passages"]) == ("ready", 1)
    (answer,) = run("search_knowledge", "what do visits on the weekend cost")
    assert (answer["answers"], answer["heading"]) == (True, "Weekend visits")
    assert run("reindex_knowledge") == "1 passages indexed"
    assert [row["documents"] for row in run("list_collections")] == [1]
    run("remove_document", line["id"])
    assert run("list_documents") == []
    assert run("search_knowledge", "what do visits cost") == "nothing fits"


@pytest.mark.parametrize(
    ("name", "arguments", "why"),
    [
        ("add_document", ["/no/such/file"], "expected a file"),
        ("add_document", ["http://user:secret@a.example/"], "no sign-in"),
        ("add_document", ["https://a.example/", "--collection", "Nowhere"], "no collection"),
        ("remove_document", ["x"], "expected a UUID"),
        ("remove_document", ["01920000-0000-7000-8000-000000000000"], "no document"),
        ("create_collection", ["  "], "expected one"),
        ("search_knowledge", [" "], "expected 1 to"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    company: Company, name: str, arguments: list[str], why: str
) -> None:
    """With exit status 2."""
    with pytest.raises(CommandError, match=why) as refused:
        run(name, *arguments)
    assert refused.value.returncode == 2
