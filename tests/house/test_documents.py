"""What the documents say of the repository is so: a stranger finds what they name."""

import re
from pathlib import Path

import pytest

from warmline import diagrams
from warmline.kernel.env import REPOSITORY
from warmline.kernel.errors import ConfigurationError

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md", "SECURITY.md")
DECISIONS = sorted((REPOSITORY / "platform/decisions").glob("0*.md"))
TOP_LEVEL = ("tenants", "inference", "rag", "telephony", "platform", "deploy", "tests")
NAMED = re.compile(rf"`((?:{'|'.join(TOP_LEVEL)})/[^`\s]*)`|\]\(((?!https?:)[^)#]+)\)")


def named(text: str) -> list[str]:
    """The files and folders that a document names or links to; patterns are left out."""
    paths = [code or link for code, link in NAMED.findall(text)]
    return [path for path in paths if not set(path) & set("<>*{…")]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    """As code or as a link, from the repository's root."""
    paths = named((REPOSITORY / document).read_text(encoding="utf-8"))
    assert paths
    assert [path for path in paths if not (REPOSITORY / path).exists()] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_every_file_that_a_decision_names_is_there(path: Path) -> None:
    """As code from the repository's root, as a link from the decision's own folder."""
    paths = named(path.read_text(encoding="utf-8"))
    roots = (REPOSITORY, path.parent)
    assert [name for name in paths if not any((root / name).exists() for root in roots)] == []


def test_a_name_in_code_or_a_link_is_looked_at() -> None:
    """What is no path, an address elsewhere or a pattern is not."""
    text = "`tenants/rls` and [why](platform/decisions/) but `tenants.rls`, [x](https://x.org)"
    assert named(f"{text}, `telephony/carriers/<name>/`") == ["tenants/rls", "platform/decisions/"]


def test_the_diagrams_are_as_their_tables_are() -> None:
    """`make diagrams` has been run since a table changed."""
    page = diagrams.PAGE.read_text(encoding="utf-8")
    assert diagrams.redrawn(page) == page


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("no diagram at all", "expected"),
        ("<!-- diagram: turn machine -->\n<!-- end -->", "expected"),
        ("<!-- diagram: some other machine -->\n<!-- end -->", "some other machine"),
    ],
)
def test_a_page_that_shows_other_diagrams_than_there_are_tables_is_refused(
    page: str, why: str
) -> None:
    """A mark that was misspelt or lost would leave a stale picture for ever."""
    with pytest.raises(ConfigurationError, match=why):
        diagrams.redrawn(page)


def test_a_changed_table_makes_a_diagram_stale() -> None:
    """An arrow more or less is seen."""
    first = diagrams.mermaid("a", [("a", "b", "go")])
    assert first != diagrams.mermaid("a", [("a", "b", "go"), ("b", "a", "back")])
    assert "a --> b : go" in first
