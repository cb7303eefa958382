"""Calls through the REST API: a company's own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from telephony.calls import erasing, queries
from telephony.calls.api.parameters import CallsQuery, filters_of
from telephony.calls.api.serializers import (
    CallLineSerializer,
    CallPageSerializer,
    EventLine,
    EventLineSerializer,
    Latency,
    LatencySerializer,
    Transcript,
    TranscriptSerializer,
)
from telephony.calls.listing.pages import calls_page
from telephony.calls.projection import StoredEvent, readable_payload
from tenants.api.operations import operation
from tenants.api.pages import Page, decode_cursor, encode_cursor, page_of
from tenants.api.requests import PageQuery
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission


class Calls(TenantAPIView):
    """The company's calls."""

    @operation(
        "list_calls",
        permission=Permission.CALLS_READ,
        query=CallsQuery,
        answer=page_of(CallLineSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's calls, newest first or as sorted.

        Any filters together; each page costs the same, wherever it is.
        """
        page = calls_page(
            filters_of(self.query),
            sort=self.query["sort"],
            cursor=self.query.get("cursor"),
            limit=self.query["limit"],
        )
        return self.page(page, CallLineSerializer)


class CallDetail(TenantAPIView):
    """One call of the company."""

    def representation(self, call_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """All of one call."""
        return CallPageSerializer(queries.call_page(call_id)).data

    @operation("get_call", permission=Permission.CALLS_READ, answer=CallPageSerializer)
    def get(self, request: Request, call_id: UUID) -> Response:
        """All of one call: transcript, latency of each turn, knowledge and tools used, why it went
        where it went.
        """
        return self.shown(call_id=call_id)

    @operation("delete_call", permission=Permission.CALLS_ERASE, status=204)
    def delete(self, request: Request, call_id: UUID) -> Response:
        """Delete a call that is over: its rows, recording, words and shadow run. Bookings stay."""
        erasing.delete_call(call_id)
        return Response(status=204)


class CallTranscript(TenantAPIView):
    """What was said in one call."""

    @operation("get_call_transcript", permission=Permission.CALLS_READ, answer=TranscriptSerializer)
    def get(self, request: Request, call_id: UUID) -> Response:
        """What was said, in the order in which it was heard; `heard` is what reached the ear."""
        page = queries.call_page(call_id)
        return Response(TranscriptSerializer(Transcript(call_id, page.transcript)).data)


class CallLatency(TenantAPIView):
    """How the time of one call's turns was spent."""

    @operation("get_call_latency", permission=Permission.CALLS_READ, answer=LatencySerializer)
    def get(self, request: Request, call_id: UUID) -> Response:
        """Each turn's stages, in milliseconds after the caller's last word."""
        page = queries.call_page(call_id)
        return Response(LatencySerializer(Latency(call_id, page.latency)).data)


class CallEvents(TenantAPIView):
    """The events of one call."""

    @operation(
        "list_call_events",
        permission=Permission.CALLS_READ,
        query=PageQuery,
        answer=page_of(EventLineSerializer),
    )
    def get(self, request: Request, call_id: UUID) -> Response:
        """List what was recorded of a call, in order; while it goes on, the end is not the last."""
        kind, cursor, limit = f"events {call_id}", self.query.get("cursor"), self.query["limit"]
        after = decode_cursor(kind, cursor) if cursor is not None else (0, 0)
        rows = queries.events_after(call_id, epoch=after[0], number=after[1], limit=limit + 1)
        shown = rows[:limit]
        next_cursor = None
        if len(rows) > limit:
            next_cursor = encode_cursor(kind, [shown[-1].epoch, shown[-1].number])
        page = Page(tuple(_event_line(row) for row in shown), next_cursor)
        return self.page(page, EventLineSerializer)


def _event_line(row: StoredEvent) -> EventLine:
    return EventLine(
        epoch=row.epoch,
        number=row.number,
        kind=row.kind,
        region=row.region,
        at=row.at,
        at_ms=row.at_ms,
        data=readable_payload(row),
    )
