"""Running a tool for a call: granted, by its schema, once, inside the tenant's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from django.db import DataError, IntegrityError, transaction

from agents import registry
from agents.errors import BadArguments, NoAgent, ToolCallIdReused, ToolNotGranted
from agents.models import ToolRun
from agents.queries import business
from tenants import call_tokens
from tenants import queries as tenants_queries
from tenants.actions import record_audit
from tenants.actor import Actor, acting
from tenants.call_tokens import CallClaims
from verticals.booking.saying import asked
from verticals.grounding.check import Unsaid, grounded
from verticals.grounding.conversation import Said
from verticals.transfer import TRANSFER, transfer_arguments
from verticals.types import Business, Handler, ToolAnswer, ToolRequest
from warmline.kernel.errors import BadInput, WarmlineError
from warmline.kernel.ids import CallId, new_call_id
from warmline.kernel.text import why_unfit
from warmline.kernel.tool_arguments import argument_text, arguments_of, meant_name
from warmline.kernel.vertical import Tool, ToolParameter

log = structlog.get_logger()
# What a caller says in one breath is under 300 characters.
MAX_ARGUMENT_CHARACTERS = 500
# Beside a result in its row, so that a repeat is told the same.
_SAY = "say"
_JSON_NAMES = {"list": "a list", "dict": "an object"}


@dataclass(frozen=True, slots=True)
class ToolInvocation:
    """A tool call as the media plane sent it; its arguments are what the model gave.

    `said` is the call's conversation, against which they are held: None from a media process of an
    older version, which sends none, and whose calls are taken at their model's word.
    """

    call_id: CallId
    tool_call_id: str
    name: str
    arguments: object
    said: tuple[Said, ...] | None = None
    language: str = ""


def run_tool(invocation: ToolInvocation, *, claims: CallClaims, at: datetime) -> ToolAnswer:
    """Run a tool in the bound tenant, once for its tool_call_id; a repeat gets the first answer.

    `BadCredential` when the call has ended, `ToolNotGranted` when the token does not name it,
    `BadArguments` when they do not fit its schema, `ToolCallIdReused` when the id came with
    something else before. A tool that fails leaves no trace but its run, and answers "error"; one
    whose arguments hold what nobody said is not run, and answers with a question.
    """
    with acting(Actor("call", id=invocation.call_id)):
        return _run_once(invocation, claims=claims, at=at)


def _run_once(invocation: ToolInvocation, *, claims: CallClaims, at: datetime) -> ToolAnswer:
    call_tokens.require_open(invocation.call_id, claims)
    name = meant_name(invocation.name, claims.tools)
    if name is None:
        raise ToolNotGranted(
            f"tool {invocation.name!r}: this call may use {', '.join(claims.tools) or 'none'}"
        )
    invocation = replace(invocation, name=name)
    tool, handler = registry.tool_of(tenants_queries.tenant().vertical, name)
    arguments = checked_arguments(tool, invocation.arguments)
    run = _claim(invocation, arguments)
    if run.result:
        result = dict(run.result)
        return ToolAnswer(ok=run.ok, say=result.pop(_SAY, ""), result=result)
    request = ToolRequest(
        call_id=invocation.call_id,
        arguments=arguments,
        business=_business(),
        now=at,
        caller_number=claims.caller_number,
        language=invocation.language,
        earlier_answers=partial(_earlier_answers, run),
    )
    answer = _answer(tool, handler, request, said=invocation.said)
    kept = answer.result | ({_SAY: answer.say} if answer.say else {})
    ToolRun.objects.filter(pk=run.pk).update(ok=answer.ok, result=kept)
    detail = {"tool": invocation.name, "ok": answer.ok, "status": answer.result.get("status", "")}
    record_audit(action="tool.run", subject=str(run.pk), detail=detail)
    return answer


def _answer(
    tool: Tool, handler: Handler, request: ToolRequest, *, said: tuple[Said, ...] | None
) -> ToolAnswer:
    """What the tool answers, or what is asked in its place where nobody said an argument."""
    if said is not None and tool.name != TRANSFER.name:
        checked = grounded(
            tool,
            request.arguments,
            said=said,
            today=request.local_now.date(),
            caller_number=request.caller_number,
        )
        if isinstance(checked, Unsaid):
            log.info(
                "tool asked back", call=request.call_id, tool=tool.name, about=checked.argument
            )
            return asked(checked.ask, because=checked.because, language=request.language)
        request = replace(request, arguments=checked)
    try:
        with transaction.atomic():
            return handler(request)
    except BadInput as error:
        # what the model gave does not fit; in its own words it may try again
        return ToolAnswer(ok=False, result={"status": "error", "why": str(error)})
    except (WarmlineError, DataError) as error:
        log.warning("tool failed", call=request.call_id, tool=tool.name, why=type(error).__name__)
        return ToolAnswer(ok=False, result={"status": "error"})


def try_tool(
    name: str, given: object, *, said: tuple[Said, ...] | None = None, at: datetime
) -> ToolAnswer:
    """What a tool that only reads would answer now in a conversation; nothing of it is kept.

    `ToolNotGranted` for one that writes, `BadArguments` when they do not fit its schema.
    """
    tool, handler = registry.tool_of(tenants_queries.tenant().vertical, name)
    if tool.writes:
        raise ToolNotGranted(f"tool {name!r} would change something, and is not run to try it")
    request = ToolRequest(
        call_id=new_call_id(),
        arguments=checked_arguments(tool, given),
        business=_business(),
        now=at,
    )
    with transaction.atomic():
        answer = _answer(tool, handler, request, said=said)
        transaction.set_rollback(True)
    return answer


def checked_arguments(tool: Tool, given: object) -> dict[str, str]:
    """The arguments as text, all that the tool needs, from what the model gave.

    null is absent, a number is its text, and what the tool does not know is left out.
    `BadArguments` names each that is wrong and says what was expected.
    """
    if tool.name == TRANSFER.name:
        return transfer_arguments(given)
    fields = arguments_of(given)
    if fields is None:
        raise BadArguments("arguments: expected one JSON object")
    names = [parameter.name for parameter in tool.parameters]
    values = {}
    for name, value in fields.items():
        known = meant_name(name, names)
        if known is not None:
            values[known] = value
    problems = []
    for parameter in tool.parameters:
        problem = _problem_with(parameter, values.get(parameter.name))
        if problem:
            problems.append(f"{parameter.name}: {problem}")
    if problems:
        raise BadArguments("; ".join(problems)[:500])
    return {name: argument_text(value) or "" for name, value in values.items()}


def _problem_with(parameter: ToolParameter, value: object) -> str:
    """Why a value is no argument; empty when it is one, or when none is needed."""
    if value is None:
        return f"missing, expected {parameter.description}" if parameter.required else ""
    text = argument_text(value)
    if text is None:
        return f"expected text, got {_JSON_NAMES[type(value).__name__]}"
    unfit = why_unfit(text, limit=MAX_ARGUMENT_CHARACTERS)
    return f"expected {unfit}" if unfit else ""


def _business() -> Business:
    """When the company works; before its opening hours are set it is closed to bookings, and what
    asks for no hours runs.
    """
    try:
        return business()
    except NoAgent:
        zone = ZoneInfo(tenants_queries.tenant().time_zone)
        return Business(time_zone=zone, week=(None,) * 7)


def _claim(invocation: ToolInvocation, arguments: dict[str, str]) -> ToolRun:
    """This call's row for the id: a new one, or the one whose commit a repeat waits for."""
    try:
        with transaction.atomic():
            return ToolRun.objects.create(
                call_id=invocation.call_id,
                tool_call_id=invocation.tool_call_id,
                name=invocation.name,
                arguments=arguments,
            )
    except IntegrityError:
        run = ToolRun.objects.get(call_id=invocation.call_id, tool_call_id=invocation.tool_call_id)
    if run.name == invocation.name == TRANSFER.name:
        return run  # the wish for a person is one wish, whatever its reason
    if run.name != invocation.name or run.arguments != arguments:
        raise ToolCallIdReused(
            f"tool_call_id {invocation.tool_call_id!r} was used for another call of a tool"
        ) from None
    return run


def _earlier_answers(run: ToolRun) -> Sequence[ToolAnswer]:
    """What the same tool answered in the same call, this run left out."""
    runs = ToolRun.objects.filter(call_id=run.call_id, name=run.name).exclude(pk=run.pk)
    return [ToolAnswer(ok=earlier.ok, result=earlier.result) for earlier in runs]
