"""What the lint found, in the words of the editor."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from agents.lint.findings import Finding
from agents.types import Wording

LABELS: Final = {
    "name": "Name",
    "role": "Role",
    "greeting": "Greeting",
    "instructions": "Instructions",
    "facts": "Facts",
    "tools": "Tools",
    "collections": "Knowledge",
    "vocabulary": "Words that callers say",
    "voice.name": "Voice",
    "voice.speed": "Speed",
    "language": "Language",
    "limits.max_seconds": "Longest call, in seconds",
    "limits.max_turns": "Most turns",
    "limits.silence_ms": "Silence that ends a turn, in milliseconds",
    "limits.idle_seconds": "Nobody speaks, in seconds",
    "on_failure": "When no agent can take the call",
    "extraction": "Written down after each call",
    "announces_recording": "Says that calls are recorded",
}
# Where the editor has another name for a field than the wording.
_ANCHORS: Final = {"voice.name": "id_voice", "voice.speed": "id_speed"}


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding beside the name of its field, and where that stands on the page."""

    label: str
    anchor: str
    severity: str
    why: str
    fix: str


def shown_findings(findings: Iterable[Finding], wording: Wording) -> list[ShownFinding]:
    """The findings with what people call their fields."""
    return [_shown(finding, wording) for finding in findings]


def label_of(field: str) -> str:
    """What people call a field."""
    return LABELS.get(field) or LABELS.get(field.partition(".")[0], field)


def _shown(finding: Finding, wording: Wording) -> ShownFinding:
    name, _, rest = finding.field.partition(".")
    number = rest.partition(".")[0]
    label, anchor = label_of(finding.field), _ANCHORS.get(finding.field, f"id_{name}")
    if name == "facts" and number.isdecimal():
        label, anchor = f"Fact: {wording.facts[int(number)][0]}", f"fact-{number}"
    return ShownFinding(label, anchor, finding.severity, finding.why, finding.fix)
