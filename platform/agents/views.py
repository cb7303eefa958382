"""POST /internal/calls/{call}/tools/{name}: a tool runs for the media plane."""

from typing import Annotated

import msgspec
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from agents.runner import ToolInvocation, run_tool
from tenants import call_tokens
from tenants.context import run_as_tenant
from tenants.postgres.away import DATABASE_AWAY
from verticals.grounding.conversation import evidence
from warmline.kernel.clock import now
from warmline.kernel.errors import WarmlineError
from warmline.kernel.ids import CallId
from warmline.kernel.json_bodies import decoded_body

MOST_LINES = 200
_Line = Annotated[str, msgspec.Meta(max_length=20_000)]


class SaidLine(msgspec.Struct, frozen=True):
    """A message of the call's conversation."""

    role: Annotated[str, msgspec.Meta(max_length=20)]
    content: _Line | None = None


class ToolBody(msgspec.Struct, frozen=True):
    """The body."""

    tool_call_id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    arguments: object = None  # as the model gave them
    # media processes of an older version send none
    conversation: Annotated[tuple[SaidLine, ...], msgspec.Meta(max_length=MOST_LINES)] | None = None
    language: Annotated[str, msgspec.Meta(max_length=35)] = ""


_decode = msgspec.json.Decoder(ToolBody).decode


@csrf_exempt
@require_POST
async def run(request: HttpRequest, call_id: str, name: str) -> JsonResponse:
    """The tool's answer for the holder of the call's token, or an error with its reason."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        claims = call_tokens.verify(bearer, CallId(call_id))
        body = decoded_body(request.body, _decode)
        said = None
        if body.conversation is not None:
            said = evidence([(line.role, line.content) for line in body.conversation])
        invocation = ToolInvocation(
            CallId(call_id), body.tool_call_id, name, body.arguments, said, body.language
        )
        answer = await run_as_tenant(
            claims.tenant_id, run_tool, invocation, claims=claims, at=now()
        )
    except WarmlineError as error:
        return JsonResponse({"error": str(error)}, status=error.http_status)
    except DATABASE_AWAY:
        return JsonResponse({"error": "the database is away"}, status=503)
    said_by_us = {"say": answer.say} if answer.say else {}
    return JsonResponse({"ok": answer.ok, "result": answer.result} | said_by_us)
