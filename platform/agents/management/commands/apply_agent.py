"""`manage.py apply_agent --tenant rivertown anna.yaml --publish`: an agent from a file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandParser

from agents.agent_file.actions import (
    AppliedFile,
    apply_draft,
    apply_live,
    preview_draft,
    preview_live,
)
from agents.agent_file.reading import MAX_BYTES, BadAgentFile, parse_agent_file
from agents.agent_file.types import AgentFile
from agents.editing.diff import FieldChange
from tenants.management.tenant_command import TenantCommand

Step = Callable[[AgentFile], AppliedFile]
# By --publish and --dry-run.
_STEPS: Final[Mapping[tuple[bool, bool], Step]] = {
    (False, False): apply_draft,
    (False, True): preview_draft,
    (True, True): preview_live,
}
_SIGNS: Final = {"removed": "-", "added": "+", "same": " "}


class Command(TenantCommand):
    """Makes a file an agent's draft, or what callers hear; the same again changes nothing."""

    help = (
        "Make the agent of a YAML file (see export_agent) a draft, or with --publish what callers "
        "hear from the next call on. The same file again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and what to do with it."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="let callers hear it")
        parser.add_argument("--dry-run", action="store_true", help="show what would change")
        parser.add_argument("--note", default="", help="why, kept with the version")

    def handle_tenant(self, **options: Any) -> object:
        """Read, apply and tell."""
        file = parse_agent_file(_content(options["file"]))
        step = _STEPS.get((options["publish"], options["dry_run"]))
        applied = step(file) if step else apply_live(file, note=options["note"])
        if options["json"]:
            return applied
        return "\n".join(_lines(applied, dry=options["dry_run"]))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadAgentFile(f"{path}: {error.strerror}") from error


def _lines(applied: AppliedFile, *, dry: bool) -> list[str]:
    what = "new agent" if applied.new else "agent"
    verb = "would change" if dry else "changed"
    lines = [f"{what} {applied.agent}: {len(applied.changes)} fields {verb}"]
    if applied.version is not None:
        lines[0] += f"; version {applied.version} is live"
    for change in applied.changes:
        lines += _change_lines(change)
    for finding in applied.findings:
        lines.append(f"{finding.severity}: {finding.field}: {finding.why}. {finding.fix}.")
    return lines


def _change_lines(change: FieldChange) -> list[str]:
    lines = [f"{change.field}:"]
    for piece in change.pieces:
        if piece.kind != "same":
            label = f"{piece.label}: " if piece.label else ""
            lines.append(f"  {_SIGNS[piece.kind]} {label}{piece.text}")
    return lines
