"""The carrier's webhooks over HTTP.
A request that is not provably Twilio's is a 403 and leaves a trace.
"""

import threading
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from telephony.carriers.twilio import forms
from telephony.carriers.twilio.signature import check_content_type, check_signature
from telephony.control import answering, status_reports, verb_callbacks
from telephony.control.database_breaker import POSTGRES_AWAY
from telephony.errors import BadSignature, BadWebhook
from tenants.actions import record_security_event
from warmline.kernel.errors import Unavailable

log = structlog.get_logger()

# A flood of forged requests must not fill the table: this many are written a second, the rest only
# logged.
_TRACES_A_SECOND = 20


@csrf_exempt
@require_POST
def voice(request: HttpRequest) -> HttpResponse:
    """A call rings: what shall be done with it."""
    return _answer(
        request, lambda form: _xml(answering.answer(forms.parse_ring(form, account_sid=_account())))
    )


@csrf_exempt
@require_POST
def status(request: HttpRequest) -> HttpResponse:
    """A call moved on, says the carrier: in any order, perhaps twice."""
    return _answer(request, _keep_status)


@csrf_exempt
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """A call's stream is over: what comes next."""
    attempt, holds = request.GET.get("attempt", ""), request.GET.get("holds", "")

    def work(form: QueryDict) -> HttpResponse:
        ended = forms.parse_verb_ended(form, account_sid=_account(), attempt=attempt, holds=holds)
        return _xml(verb_callbacks.after_stream(ended))

    return _answer(request, work)


@csrf_exempt
@require_POST
def dialed(request: HttpRequest) -> HttpResponse:
    """A dialled person hung up, or never picked up: what comes next."""
    return _answer(
        request,
        lambda form: _xml(
            verb_callbacks.after_dial(forms.parse_verb_ended(form, account_sid=_account()))
        ),
    )


def _keep_status(form: QueryDict) -> HttpResponse:
    try:
        status_reports.report(forms.parse_status(form, account_sid=_account()))
    except Unavailable as nowhere:
        return HttpResponse(str(nowhere), status=nowhere.http_status, content_type="text/plain")
    return HttpResponse(status=204)


def _answer(request: HttpRequest, work: Callable[[QueryDict], HttpResponse]) -> HttpResponse:
    try:
        form = _verified_form(request)
        return work(form)
    except (BadSignature, BadWebhook) as refused:
        _leave_trace(request, refused)
        return HttpResponse("refused", status=refused.http_status, content_type="text/plain")


def _verified_form(request: HttpRequest) -> QueryDict:
    check_content_type(request.headers.get("Content-Type", ""))
    try:
        form = request.POST
    except (SuspiciousOperation, BadRequest) as malformed:
        raise BadSignature(f"body: {type(malformed).__name__}") from malformed
    check_signature(
        form,
        # Exactly as configured and as asked for; Host and X-Forwarded-* are the sender's to make
        # up.
        url=settings.PUBLIC_URL.rstrip("/") + request.get_full_path(),
        signature=request.headers.get("X-Twilio-Signature", ""),
        auth_tokens=settings.TWILIO_AUTH_TOKENS,
    )
    return form


def _leave_trace(request: HttpRequest, refused: Exception) -> None:
    why, peer = str(refused), request.META.get("REMOTE_ADDR") or ""
    log.warning("webhook refused", path=request.path, why=why, peer=peer)
    if not _budget.take():
        return
    try:
        record_security_event(
            action="webhook.refused",
            source=peer,
            detail={"path": request.path[:120], "why": why[:200]},
        )
    except POSTGRES_AWAY:
        log.error("security event not kept", path=request.path)


class _Budget:
    """So many a second, counted by whole seconds."""

    def __init__(self, a_second: int) -> None:
        self._a_second = a_second
        self._second = 0
        self._taken = 0
        self._guard = threading.Lock()

    def take(self) -> bool:
        """Whether there is one left in this second."""
        with self._guard:
            second = int(time.monotonic())
            if second != self._second:
                self._second, self._taken = second, 0
            self._taken += 1
            return self._taken <= self._a_second


_budget = _Budget(_TRACES_A_SECOND)


def _account() -> str:
    return str(settings.TWILIO_ACCOUNT_SID)


def _xml(body: str) -> HttpResponse:
    return HttpResponse(body, content_type="text/xml; charset=utf-8")
