"""Calls that begin at a company's own pages, through the REST API.

A key with the scope `agents.talk` alone may stand in a page for everybody to read: it opens nothing
else, from the origins that it was made for, and so many times a minute.
"""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from telephony.control.answering.page_calls import begin_call
from tenants import attempts
from tenants.actions import record_audit
from tenants.api.api_keys import ApiPrincipal
from tenants.api.operations import operation
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.errors import OriginNotAllowed, TooManyTries
from tenants.permissions import Permission

# A person who tries three times and loads the page twice; not a script.
MOST_BY_ADDRESS: Final = 6


@dataclass(frozen=True, slots=True)
class PageCall:
    """A call that a page may open: its audio's address, and the ticket for its first message."""

    call: Annotated[str, Meta(description="The call's id")]
    url: Annotated[str, Meta(description="The WebSocket of the media process that has the call")]
    token: Annotated[str, Meta(description="Opens the call's stream once, within a minute")]


class PageCallSerializer(FrozenSerializer[PageCall]):
    """A call that a page may open."""

    class Meta:
        dataclass = PageCall


class TalkSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How one talks."""

    by = serializers.ChoiceField(
        choices=["voice", "text"],
        required=False,
        default="voice",
        help_text="text: the caller writes, and reads what the agent says",
    )


class TalkToAgent(TenantAPIView):
    """A call with an agent, from a page."""

    @operation(
        "talk_to_agent",
        permission=Permission.AGENTS_TALK,
        body=TalkSerializer,
        answer=PageCallSerializer,
        status=201,
    )
    def post(self, request: Request, agent_id: UUID) -> Response:
        """Begin a call with the agent's live version. A page speaks it over a WebSocket or WebRTC;
        `widget.js` does all of it. 503 while nobody can answer, 429 for who calls too often.
        """
        _check_page(request)
        _count(request)
        stream = begin_call(agent_id, "live", by=self.body["by"])
        record_audit(action="agent.talk", subject=str(agent_id), detail={"call": stream.call_id})
        answer = PageCall(stream.call_id, stream.url, stream.token)
        response = Response(PageCallSerializer(answer).data, status=201)
        response["Cache-Control"] = "no-store, no-transform"
        return response


def _check_page(request: Request) -> None:
    """A key that was made for pages is used by no program: whatever says no origin is none."""
    principal: object = request.user
    assert isinstance(principal, ApiPrincipal)
    if principal.key.origins and "Origin" not in request.headers:
        raise OriginNotAllowed("this key is for pages: expected the Origin that browsers send")


def _count(request: Request) -> None:
    """One more call of this address with this key; `TooManyTries` says when the next may come."""
    principal: object = request.user
    assert isinstance(principal, ApiPrincipal)
    address = attempts.network(request.META.get("REMOTE_ADDR", ""))
    begun = attempts.Counter(
        f"talk:{principal.key.id}:{address}",
        most=MOST_BY_ADDRESS,
        window_s=60,
        wait_s=30,
        longest_wait_s=300,
    )
    wait_s = attempts.begin([begun])
    if wait_s:
        raise TooManyTries(f"many calls from this address: come again in {wait_s} s", wait_s=wait_s)
