"""The try beside the editor: the agent's answer as it comes, by server-sent events."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from telephony.try_it.trial import Trial, checked_messages, prepare, tried
from telephony.try_it.types import EVENT_NAMES, TryEvent, TryFailed, TryMessage
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput, Unavailable
from warmline.kernel.json_bodies import decoded_body


class TryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The conversation so far, and which of the agent's wordings answers."""

    messages: tuple[TryMessage, ...]
    version: str = "draft"


_decode = msgspec.json.Decoder(TryBody).decode


@require_POST
@tenant_view(Permission.AGENTS_WRITE)
def try_agent(request: TenantRequest, agent_id: UUID) -> HttpResponseBase:
    """Have the agent answer; that no model can is an event too, where the answer would be."""
    if request.content_type != "application/json":
        # A form's body has been read by now: it is told which company the page was opened in.
        raise BadInput("expected JSON: Content-Type: application/json")
    body = decoded_body(request.body, _decode)
    messages = checked_messages(body.messages)
    try:
        events = _told(prepare(agent_id, body.version), messages)
    except Unavailable as error:
        failed = _event(TryFailed(error.code, str(error)))
        return HttpResponse(failed, content_type="text/event-stream")
    return StreamingHttpResponse(events, content_type="text/event-stream")


async def _told(trial: Trial, messages: Any) -> AsyncIterator[bytes]:
    answer = tried(trial, messages)
    try:
        async for event in answer:
            yield _event(event)
    finally:
        await answer.aclose()


def _event(event: TryEvent) -> bytes:
    name = EVENT_NAMES[type(event)].encode()
    return b"event: %b\ndata: %b\n\n" % (name, msgspec.json.encode(event))
