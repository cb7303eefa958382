"""Running a tool for a call: schema, grant,
once for each tool_call_id, inside the tenant's transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from agents import registry
from agents.errors import BadArguments, Reused, ToolNotGranted
from agents.models import ToolRun
from agents.queries import business
from tenants import queries as tenants_queries
from tenants.actions import record_audit
from tenants.call_tokens import CallClaims
from verticals.types import ToolAnswer, ToolRequest
from warmline.kernel.errors import WarmlineError
from warmline.kernel.ids import CallId
from warmline.kernel.vertical import Tool

log = structlog.get_logger()
# What a caller says in one breath is under 300 characters.
MAX_ARGUMENT_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A tool call as the media plane sent it."""

    call_id: CallId
    tool_call_id: str
    name: str
    arguments: Mapping[str, object]


def run_tool(asked: Asked, *, claims: CallClaims, at: datetime) -> ToolAnswer:
    """Run a tool inside the bound tenant, exactly once for its tool_call_id; a repeat gets the
    first answer again.

    `ToolNotGranted` when the token does not name it, `BadArguments` when they do not fit its
    schema, `Reused` when the id came with something else before. A tool that fails leaves no trace
    but its run, and answers "error".
    """
    if asked.name not in claims.tools:
        raise ToolNotGranted(
            f"tool {asked.name!r}: this call may use {', '.join(claims.tools) or 'none'}"
        )
    tool, handler = registry.tool_of(tenants_queries.tenant().vertical, asked.name)
    arguments = checked_arguments(tool, asked.arguments)
    run = _claim(asked, arguments)
    if run.result:
        return ToolAnswer(ok=run.ok, result=run.result)
    request = ToolRequest(call_id=asked.call_id, arguments=arguments, business=business(), now=at)
    try:
        with transaction.atomic():
            answer = handler(request)
    except WarmlineError as failed:
        log.warning("tool failed", call=asked.call_id, tool=asked.name, why=type(failed).__name__)
        answer = ToolAnswer(ok=False, result={"status": "error"})
    ToolRun.objects.filter(pk=run.pk).update(ok=answer.ok, result=answer.result)
    record_audit(
        action="tool.run", subject=str(run.pk), actor=f"call:{asked.call_id}",
        detail={"tool": asked.name, "ok": answer.ok, "status": answer.result.get("status", "")},
    )  # fmt: skip
    return answer


def checked_arguments(tool: Tool, arguments: Mapping[str, object]) -> dict[str, str]:
    """The arguments as text, complete and no more than the tool has;
    `BadArguments` names each that is wrong.
    """
    known = {parameter.name: parameter for parameter in tool.parameters}
    wrong = [f"{name}: {tool.name} has no such argument" for name in arguments if name not in known]
    wrong += [
        f"{name}: missing"
        for name, parameter in known.items()
        if parameter.required and name not in arguments
    ]
    for name, value in arguments.items():
        if name in known and not isinstance(value, str):
            wrong.append(f"{name}: expected text, got {type(value).__name__}")
        elif isinstance(value, str) and len(value) > MAX_ARGUMENT_CHARACTERS:
            wrong.append(f"{name}: at most {MAX_ARGUMENT_CHARACTERS} characters")
        elif isinstance(value, str) and "\x00" in value:
            wrong.append(f"{name}: a zero character")
    if wrong:
        raise BadArguments("; ".join(wrong)[:500])
    return {name: str(value) for name, value in arguments.items()}


def _claim(asked: Asked, arguments: dict[str, str]) -> ToolRun:
    """This call's row for the id: a new one,
    or the one that a repeat finds (after waiting for it to commit).
    """
    try:
        with transaction.atomic():
            return ToolRun.objects.create(
                call_id=asked.call_id,
                tool_call_id=asked.tool_call_id,
                name=asked.name,
                arguments=arguments,
            )
    except IntegrityError:
        run = ToolRun.objects.get(call_id=asked.call_id, tool_call_id=asked.tool_call_id)
    if run.name != asked.name or run.arguments != arguments:
        raise Reused(
            f"tool_call_id {asked.tool_call_id!r} was used for another call of a tool"
        ) from None
    return run
