"""One clicks, allows the microphone, and talks to an agent: the page, and the call it begins."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

import msgspec
import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agents.editing import queries
from telephony.control.answering import page_calls
from telephony.control.answering.page_calls import Wording
from telephony.errors import NoAgentFree
from tenants.actions import record_audit
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput
from warmline.kernel.json_bodies import decoded_body

log = structlog.get_logger()

BUSY = "Nobody can answer right now: all places are taken or still warming up. Try again soon."


class TalkBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the agent's wordings answers."""

    wording: Wording = "live"


_decode = msgspec.json.Decoder(TalkBody).decode


def _speaks_to_media(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The page may open sockets to the media processes, which no other page may."""

    @wraps(view)
    def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        to = ["'self'", *page_calls.media_origins()]
        response._csp_update = {"connect-src": to}  # type: ignore[attr-defined]
        return response

    return allowed


@tenant_view(Permission.AGENTS_TALK)
def choose(request: TenantRequest) -> HttpResponse:
    """To the company's first agent; to where agents are made while there is none."""
    agents = queries.agents()
    if not agents:
        return redirect("agents")
    live = [agent for agent in agents if agent.live_version]
    return redirect("talk", agent_id=(live or agents)[0].id)


@_speaks_to_media
@tenant_view(Permission.AGENTS_TALK)
def talk(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """The page: who answers, the button, and what is said as it is said."""
    agent = queries.agent(agent_id)
    context = {
        "section": "talk",
        "agent": agent,
        "agents": queries.agents(),
    }
    return render(request, "dashboard/talk/talk.html", context)


@require_POST
@tenant_view(Permission.AGENTS_TALK)
def call(request: TenantRequest, agent_id: UUID) -> HttpResponseBase:
    """Begin a call: where its audio goes and what opens the door; 503 says why nobody answers."""
    if request.content_type != "application/json":
        raise BadInput("expected JSON: Content-Type: application/json")
    wording = decoded_body(request.body, _decode).wording
    try:
        stream = page_calls.begin_call(agent_id, wording)
    except NoAgentFree as error:
        log.warning("no agent takes the page's call", why=str(error))
        return JsonResponse({"code": error.code, "say": BUSY, "why": str(error)}, status=503)
    record_audit(action="agent.talk", subject=str(agent_id), detail={"call": stream.call_id})
    opened = {
        "url": stream.url,
        "call": stream.call_id,
        "token": stream.token,
        "page": reverse("call", args=[stream.call_id]),
    }
    return JsonResponse(opened, headers={"Cache-Control": "no-store"})
