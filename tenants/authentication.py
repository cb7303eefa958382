"""REST views: an API key says which tenant, and the view runs in that tenant's transaction."""

from contextlib import ExitStack
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from tenants.api.api_keys import ApiKeyAuthentication, ApiPrincipal
from tenants.context import as_tenant
from warmline.kernel.errors import WarmlineError

__all__ = ["ApiKeyAuthentication", "ApiPrincipal", "TenantAPIView", "answer_error"]


class TenantAPIView(APIView):
    """A REST view that runs and renders in its API key's tenant's transaction; errors roll back."""

    authentication_classes = [ApiKeyAuthentication]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, check permissions, then bind."""
        super().initial(request, *args, **kwargs)
        principal: object = request.user
        if not isinstance(principal, ApiPrincipal):
            raise NotAuthenticated
        self._bound.enter_context(as_tenant(principal.tenant_id))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Handle the request; the response is rendered while its tenant is still bound."""
        with ExitStack() as self._bound:
            response: Any = super().dispatch(request, *args, **kwargs)
            if not getattr(response, "is_rendered", True):
                response.render()
        return response  # type: ignore[no-any-return]

    def handle_exception(self, exc: Exception) -> Response:
        """An answer in place of the error; what the view wrote is rolled back."""
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.in_atomic_block:
            connection.set_rollback(True)
        return super().handle_exception(exc)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal of the API as {"error": "…"}; a `WarmlineError` with its own status."""
    if isinstance(error, WarmlineError):
        return Response({"error": str(error)}, status=error.http_status)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, APIException) and isinstance(error.detail, str):
        response.data = {"error": str(error.detail)}
    elif isinstance(response.data, dict) and set(response.data) == {"detail"}:
        response.data = {"error": str(response.data["detail"])}
    else:
        response.data = {
            "error": "the request's fields are not as expected",
            "fields": response.data,
        }
    return response
