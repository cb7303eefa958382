"""What the media plane hands over by the call's own token, and a call's audio for members."""

import re
from typing import Annotated
from uuid import UUID

import msgspec
import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from telephony.calls import actions, recording_links, recording_store, recordings
from telephony.calls.recording_store import StoredRecording
from telephony.control.answering import answer_memory
from telephony.errors import BadRecording, RecordingsAway
from tenants import call_tokens
from tenants.api.problems import MEDIA_TYPE, problem
from tenants.context import as_tenant
from tenants.errors import BadCredential
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel import clock
from warmline.kernel.call import EndReason
from warmline.kernel.errors import WarmlineError
from warmline.kernel.ids import CallId, TenantId
from warmline.kernel.json_bodies import decoded_body

MAX_STARTS_MS = 4 * 3600 * 1000  # no carrier keeps a call longer
_DIGITS = re.compile(r"[0-9]{1,9}")
MAX_EPOCHS = 1000  # parts of one recording: far more media processes than any call outlives

log = structlog.get_logger()


class _End(msgspec.Struct, frozen=True):
    region: Annotated[str, msgspec.Meta(max_length=40)]
    reason: EndReason


_decode_end = msgspec.json.Decoder(_End).decode


@csrf_exempt
@require_http_methods(["PUT"])
def put_recording(request: HttpRequest, call_id: UUID, epoch: int) -> HttpResponse:
    """Keep both sides' audio of one epoch of a call.

    201 for a new one, 200 for the same again; another one in its place is refused (409), and so is
    one that comes long after the call's end (403).
    """
    try:
        claims = call_tokens.verify(_bearer(request), CallId(str(call_id)))
        if not 1 <= epoch <= MAX_EPOCHS:
            raise BadRecording(f"recording: expected an epoch from 1 to {MAX_EPOCHS}")
        starts_ms = _starts_ms(request.GET.get("starts_ms", "0"))
        stored = recording_store.store(
            request,  # type: ignore[arg-type]  # a request reads like a file
            tenant_id=claims.tenant_id,
        )
        is_kept = _kept(call_id, epoch, stored, starts_ms=starts_ms, tenant_id=claims.tenant_id)
    except RecordingsAway as error:
        log.error("recording not kept", call=str(call_id), why=str(error))
        return JsonResponse({"error": str(error)}, status=error.http_status)
    except WarmlineError as error:
        return JsonResponse({"error": str(error)}, status=error.http_status)
    return JsonResponse({"seconds": stored.seconds}, status=201 if is_kept else 200)


def _starts_ms(asked: str) -> int:
    """When the recording began on the call's clock."""
    starts_ms = int(asked) if _DIGITS.fullmatch(asked) else MAX_STARTS_MS + 1
    if starts_ms > MAX_STARTS_MS:
        raise BadRecording(f"recording: expected starts_ms from 0 to {MAX_STARTS_MS}")
    return starts_ms


def _kept(
    call_id: UUID, epoch: int, stored: StoredRecording, *, starts_ms: int, tenant_id: TenantId
) -> bool:
    """Whether the stored file is the call's now.

    It is removed where it is not: the same came before, or it may not be kept.
    """
    is_kept = False
    try:
        with as_tenant(tenant_id):
            is_kept = actions.keep_recording(call_id, stored, epoch=epoch, starts_ms=starts_ms)
    finally:
        if not is_kept:
            recording_store.remove(stored.name, tenant_id=tenant_id)
    return is_kept


@csrf_exempt
@require_POST
def put_end(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Remember why a call ended, for the carrier's next question, when Redis there cannot."""
    try:
        call_tokens.verify(_bearer(request), CallId(str(call_id)))
        end = decoded_body(request.body, _decode_end)
        answer_memory.remember_end(str(call_id), region=end.region, reason=end.reason)
    except WarmlineError as error:
        return JsonResponse({"error": str(error)}, status=error.http_status)
    return HttpResponse(status=204)


@require_safe
@tenant_view(Permission.RECORDINGS_READ)
def audio(request: TenantRequest, call_id: UUID) -> HttpResponseBase:
    """A call's recording for the tenant's members, whole or the part that a player asks for."""
    return recordings.streamed(
        recordings.recording_of(call_id), asked=request.headers.get("Range", "")
    )


@require_safe
def linked_recording(request: HttpRequest, token: str) -> HttpResponseBase:
    """A recording for whoever has a link to it that is good; 403 says why it is not."""
    try:
        recording = recording_links.opened(token, at=clock.now())
    except WarmlineError as error:
        return JsonResponse(
            problem(error.http_status, code=error.code, detail=str(error)),
            status=error.http_status,
            content_type=MEDIA_TYPE,
        )
    return recordings.streamed(recording, asked=request.headers.get("Range", ""))


def _bearer(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise BadCredential("expected the call's token: Authorization: Bearer …")
    return token
