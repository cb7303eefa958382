"""How a request of the API is let in: its key, its origin, its share of the limits, its tenant.

A write with an `Idempotency-Key` runs in a savepoint, and its answer is kept in one transaction
with what it did. One that asks another company's service is no transaction of ours: its name is
held for a while, and the answer kept after it.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.actor import acting
from tenants.api import limits
from tenants.api.api_keys import ApiKeyAuthentication, ApiPrincipal, actor_of
from tenants.api.idempotency import Attempt, KeptAnswer, Replay, attempt_of
from tenants.api.middleware import check_origin
from tenants.api.operations import Operation
from tenants.context import as_tenant, bound, current_tenant_id
from tenants.errors import MissingScope
from tenants.keys.last_use import note_use
from warmline.kernel.errors import Unavailable


class AdmittedView(APIView):
    """A view that runs and renders in its API key's tenant's transaction; errors roll back.

    An operation that `asks_outside` has its tenant bound and no transaction: its actions open their
    own, so that no row waits for another company's answer.
    """

    authentication_classes = [ApiKeyAuthentication]
    _principal: ApiPrincipal | None = None
    _attempt: Attempt | None = None
    _asks_outside = False
    _limits: Mapping[str, str] = {}

    def take(self, request: Request, operation: Operation) -> None:
        """Hold the request to what its operation declares, inside of its tenant."""
        raise NotImplementedError

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, count, bind the tenant, then hold the request to its operation."""
        super().initial(request, *args, **kwargs)
        principal: object = request.user
        if not isinstance(principal, ApiPrincipal):
            raise NotAuthenticated
        self._principal = principal
        check_origin(request._request, principal.key)
        self._limits = limits.spend(
            principal.key.id, tenant_id=principal.tenant_id, plan=principal.key.plan
        )
        handler = getattr(self, (request.method or "").lower(), None)
        operation: Operation | None = getattr(handler, "operation", None)
        if operation is None:
            return  # no such method, or OPTIONS
        if operation.permission not in principal.key.permissions:
            raise MissingScope(f"this key lacks the scope {operation.permission}")
        attempt = attempt_of(request._request, key_id=principal.key.id, secret=principal.secret)
        self._asks_outside = operation.asks_outside
        self._bind(principal, attempt, asks_outside=operation.asks_outside)
        try:
            self.take(request, operation)
        except Exception:
            # What is refused up to here was never begun: it may be sent again under the same name.
            if attempt is not None and operation.asks_outside:
                attempt.let_go()
            raise
        self._attempt = attempt

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Handle the request; the response is rendered while its tenant is still bound."""
        with ExitStack() as self._bound:
            with ExitStack() as self._effect:
                response: Any = super().dispatch(request, *args, **kwargs)
                if not getattr(response, "is_rendered", True):
                    response.render()
            if self._attempt is not None:
                self._conclude(self._attempt, response)
        if self._principal is not None:
            note_use(self._principal.key, tenant_id=self._principal.tenant_id)
        return response  # type: ignore[no-any-return]

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """The answer with what it says of the limits."""
        finalized = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self._limits.items():
            finalized[name] = value
        return finalized

    def handle_exception(self, exc: Exception) -> Response:
        """An answer in place of the error; what the view wrote is rolled back."""
        if isinstance(exc, Replay):
            return exc.response()  # type: ignore[return-value]  # any answer of Django's will do
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.in_atomic_block:
            connection.set_rollback(True)
        if isinstance(exc, limits.RateLimited):
            self._limits = exc.headers
        return super().handle_exception(exc)

    def options(self, *_: Any, **__: Any) -> HttpResponse:  # type: ignore[override]  # no body
        """Which methods there are."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def _bind(
        self, principal: ApiPrincipal, attempt: Attempt | None, *, asks_outside: bool
    ) -> None:
        """The tenant and who acts; of an attempt that was made before, `Replay` its answer."""
        if attempt is not None:
            with as_tenant(principal.tenant_id):
                attempt.claim()
        binding = bound if asks_outside else as_tenant
        self._bound.enter_context(binding(principal.tenant_id))
        self._bound.enter_context(acting(actor_of(principal.key)))
        if attempt is None:
            return
        if asks_outside:
            with as_tenant(principal.tenant_id):
                earlier = attempt.earlier_answer(hold=True)
        else:
            earlier = attempt.earlier_answer()
        if earlier is not None:
            raise Replay(earlier)
        if not asks_outside:
            self._effect.enter_context(transaction.atomic(DEFAULT_DB_ALIAS))

    def _conclude(self, attempt: Attempt, response: Any) -> None:
        """What a later attempt is answered.

        Where a service outside is away its action goes on from what was written; where something
        broke it stays unknown what was done.
        """
        if response.status_code < 500:
            self._keep(attempt, response)
        elif response.status_code == Unavailable.http_status and self._asks_outside:
            attempt.let_go()

    def _keep(self, attempt: Attempt, response: Any) -> None:
        answer = KeptAnswer(response.status_code, dict(response.items()), response.content)
        with as_tenant(current_tenant_id()):
            attempt.keep(answer)
