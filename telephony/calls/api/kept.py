"""Saved lists of calls, and the erasure of callers, through the REST API."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from telephony.calls import erasing
from telephony.calls.api.serializers import (
    CallerSerializer,
    ErasureSerializer,
    NewViewSerializer,
    ViewSerializer,
)
from telephony.calls.listing import saved_views
from telephony.calls.listing.filters import parsed_filters
from tenants.api.operations import operation
from tenants.api.pages import Page, page_of
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission


class Views(TenantAPIView):
    """The company's saved lists of calls."""

    @operation("list_views", permission=Permission.CALLS_READ, answer=page_of(ViewSerializer))
    def get(self, request: Request) -> Response:
        """List the company's saved lists of calls, by name."""
        return self.page(Page(saved_views.views()), ViewSerializer)

    @operation(
        "create_view",
        permission=Permission.CALLS_READ,
        body=NewViewSerializer,
        answer=ViewSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """Keep a list of calls under a name, for all members."""
        filters = parsed_filters(self.body["filters"])
        line = saved_views.save_view(self.body["name"], filters=filters)
        return self.created(ViewSerializer(line).data, at="api-view", view_id=line.id)


class ViewDetail(TenantAPIView):
    """One saved list of calls."""

    def representation(self, view_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """One of the company's."""
        return ViewSerializer(saved_views.view(view_id)).data

    @operation("get_view", permission=Permission.CALLS_READ, answer=ViewSerializer)
    def get(self, request: Request, view_id: UUID) -> Response:
        """One saved list: its filters go into a list of calls as they are."""
        return self.shown(view_id=view_id)

    @operation("delete_view", permission=Permission.CALLS_READ, status=204)
    def delete(self, request: Request, view_id: UUID) -> Response:
        """Delete a saved list; calls stay."""
        saved_views.delete_view(view_id)
        return Response(status=204)


class Erasures(TenantAPIView):
    """Callers of whom nothing shall be kept."""

    @operation(
        "erase_caller",
        permission=Permission.CALLS_ERASE,
        body=CallerSerializer,
        answer=ErasureSerializer,
        status=202,
    )
    def post(self, request: Request) -> Response:
        """Erase all that is kept of a caller: calls, recordings, words, shadow turns, and the
        person in bookings.

        A job does it; ask for the erasure until its state is `done`.
        """
        line = erasing.request_erasure(self.body["number"])
        return Response(ErasureSerializer(line).data, status=202)


class ErasureDetail(TenantAPIView):
    """One erasure."""

    def representation(self, erasure_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """How far it is."""
        return ErasureSerializer(erasing.erasure(erasure_id)).data

    @operation("get_erasure", permission=Permission.CALLS_ERASE, answer=ErasureSerializer)
    def get(self, request: Request, erasure_id: UUID) -> Response:
        """How far an erasure is, in numbers."""
        return self.shown(erasure_id=erasure_id)
