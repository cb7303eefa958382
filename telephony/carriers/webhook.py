"""What every carrier's webhooks have in common: POST only, and a refusal that leaves a trace."""

import threading
import time
from collections.abc import Callable
from functools import wraps

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from telephony.errors import BadSignature, BadWebhook
from tenants.actions import record_security_event
from tenants.postgres.away import DATABASE_AWAY
from warmline.kernel.errors import Unavailable

log = structlog.get_logger()

# A flood of forged requests must not fill the table: the rest of a second's are only logged.
_TRACES_A_SECOND = 20


def carrier_webhook(
    view: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view that takes a carrier's POST requests.

    `BadSignature` and `BadWebhook` are a 403 and leave a trace; `Unavailable` tells the carrier to
    come again.
    """

    @csrf_exempt
    @require_POST
    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except (BadSignature, BadWebhook) as error:
            _leave_trace(request, error)
            return HttpResponse("refused", status=error.http_status, content_type="text/plain")
        except Unavailable as error:
            return HttpResponse(str(error), status=error.http_status, content_type="text/plain")

    return checked


def signed_url(request: HttpRequest) -> str:
    """The address that a carrier signs: the public one as configured, and the path as asked for.

    Host and X-Forwarded-* are the sender's to make up.
    """
    return str(settings.PUBLIC_URL).rstrip("/") + request.get_full_path()


def _leave_trace(request: HttpRequest, refused: Exception) -> None:
    why, peer = str(refused), request.META.get("REMOTE_ADDR") or ""
    log.warning("webhook refused", path=request.path, why=why, peer=peer)
    if not _traces.allow():
        return
    try:
        record_security_event(
            action="webhook.refused",
            source=peer,
            detail={"path": request.path[:120], "why": why[:200]},
        )
    except DATABASE_AWAY:
        log.error("security event not kept", path=request.path)


class RateLimit:
    """Lets so many through a second, counted by whole seconds."""

    def __init__(self, a_second: int) -> None:
        self._a_second = a_second
        self._second = 0
        self._taken = 0
        self._guard = threading.Lock()

    def allow(self) -> bool:
        """Whether there is one left in this second."""
        with self._guard:
            second = int(time.monotonic())
            if second != self._second:
                self._second, self._taken = second, 0
            self._taken += 1
            return self._taken <= self._a_second


_traces = RateLimit(_TRACES_A_SECOND)
