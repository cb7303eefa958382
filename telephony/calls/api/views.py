"""Calls through the REST API: a tenant's own, read only."""

from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from telephony.calls import queries
from telephony.calls.api.serializers import CallPageSerializer, CallsFilter, CallsPageSerializer
from telephony.calls.listing.filters import parsed_filters
from telephony.calls.listing.pages import calls_page
from tenants.authentication import TenantAPIView
from warmline.kernel.errors import BadInput

_NO_KEY = OpenApiResponse(description="No API key, or one that is unknown or revoked")


class Calls(TenantAPIView):
    """The tenant's calls."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="list_calls",
        parameters=[CallsFilter],
        responses={
            200: CallsPageSerializer,
            400: OpenApiResponse(description="A bad filter or cursor"),
            401: _NO_KEY,
        },
    )
    def get(self, request: Request) -> Response:
        """List the tenant's calls, newest first, in cursor pages."""
        _no_nul(request)
        q = request.query_params.dict()
        page = calls_page(
            parsed_filters({k: v for k, v in q.items() if k not in ("sort", "limit", "cursor")}),
            cursor=q.get("cursor"),
            sort=q.get("sort", "-started_at"),
            size=int(q.get("limit", 25)),
        )
        return Response(CallsPageSerializer(page).data)


class CallDetail(TenantAPIView):
    """One call of the tenant."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="get_call",
        responses={
            200: CallPageSerializer,
            401: _NO_KEY,
            404: OpenApiResponse(description="No such call here"),
        },
    )
    def get(self, request: Request, call_id: UUID) -> Response:
        """All of one call: transcript, latency of each turn, knowledge and tools used, why it went
        where it went.
        """
        return Response(CallPageSerializer(queries.call_page(call_id)).data)


def _no_nul(request: Request) -> None:
    """Postgres holds no NUL, and no filter has a use for one."""
    if "%00" in request.META.get("QUERY_STRING", ""):
        raise BadInput("query: expected no NUL characters")
