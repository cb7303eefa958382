"""What may be wrong with what an agent says: every rule, in the order of reading. Pure."""

from collections.abc import Callable, Iterator
from typing import Final

from agents.lint import facts, prefix, speech
from agents.lint.findings import Finding, Subject

Rule = Callable[[Subject], Iterator[Finding]]
RULES: Final[tuple[Rule, ...]] = (
    speech.greeting,
    speech.unspeakable,
    speech.language,
    prefix.changing,
    prefix.going_stale,
    prefix.too_long,
    facts.contradicting,
    facts.unknown_knowledge,
    facts.priceless,
    facts.injecting,
)


def lint(subject: Subject) -> tuple[Finding, ...]:
    """What callers would suffer from, errors first."""
    findings = [finding for rule in RULES for finding in rule(subject)]
    return tuple(sorted(findings, key=lambda finding: finding.severity != "error"))
