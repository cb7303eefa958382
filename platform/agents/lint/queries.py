"""The lint over a wording of the bound tenant."""

from agents.errors import NoAgent
from agents.lint.findings import Finding, Subject
from agents.lint.rules import lint
from agents.queries import business, config_of
from agents.types import Wording
from rag import queries as rag_queries
from verticals.types import Business


def findings_of(wording: Wording) -> tuple[Finding, ...]:
    """What callers of the bound tenant would suffer from, errors first."""
    prompt = config_of(wording, version_id="").prompt
    known = rag_queries.collections() if wording.collections else ()
    collections = frozenset(str(collection.id) for collection in known)
    return lint(Subject(wording, prompt, business=_business(), collections=collections))


def _business() -> Business | None:
    try:
        return business()
    except NoAgent:
        return None
