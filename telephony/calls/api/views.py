"""Calls through the REST API: a tenant's own, read only."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from telephony.calls import queries
from telephony.calls.api.serializers import CallPageSerializer, CallsFilter, CallsPageSerializer
from tenants.api.operations import operation
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission


class Calls(TenantAPIView):
    """The tenant's calls."""

    http_method_names = ["get", "head", "options"]

    @operation(
        "list_calls",
        permission=Permission.CALLS_READ,
        query=CallsFilter,
        answer=CallsPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """List the tenant's calls, newest first, in cursor pages."""
        page = queries.calls_page(
            cursor=self.query.get("cursor"),
            size=self.query["page_size"],
            state=self.query.get("state"),
            since=self.query.get("since"),
        )
        return Response(CallsPageSerializer(page).data)


class CallDetail(TenantAPIView):
    """One call of the tenant."""

    http_method_names = ["get", "head", "options"]

    def representation(self, call_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """All of one call."""
        return CallPageSerializer(queries.call_page(call_id)).data

    @operation("get_call", permission=Permission.CALLS_READ, answer=CallPageSerializer)
    def get(self, request: Request, call_id: UUID) -> Response:
        """All of one call: transcript, latency of each turn, knowledge and tools used, why it went
        where it went.
        """
        return self.shown(call_id=call_id)
