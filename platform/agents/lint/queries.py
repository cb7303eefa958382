"""The lint over a wording of the bound tenant."""

from agents.errors import NoAgent
from agents.lint.findings import Finding, Subject
from agents.lint.rules import lint
from agents.queries import business, config_of
from agents.types import Wording
from verticals.types import Business


def findings_of(wording: Wording) -> tuple[Finding, ...]:
    """What callers of the bound tenant would suffer from, errors first."""
    prompt = config_of(wording, version_id="").prompt
    return lint(Subject(wording=wording, prompt=prompt, business=_business()))


def _business() -> Business | None:
    try:
        return business()
    except NoAgent:
        return None
