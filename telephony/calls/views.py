"""What the media plane hands over by the call's own token, and a call's audio for members."""

from typing import Annotated
from uuid import UUID

import msgspec
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from telephony.calls import actions, queries, recordings
from telephony.control.answering import answer_memory
from telephony.errors import BadRecording
from tenants import call_tokens
from tenants.context import as_tenant
from tenants.errors import BadCredential
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.call import EndReason
from warmline.kernel.errors import NotFound, WarmlineError
from warmline.kernel.ids import CallId
from warmline.kernel.json import UNREADABLE

MAX_EPOCHS = 1000  # parts of one recording: far more media processes than any call outlives

log = structlog.get_logger()


class _End(msgspec.Struct, frozen=True):
    region: Annotated[str, msgspec.Meta(max_length=40)]
    reason: EndReason


_decode_end = msgspec.json.Decoder(_End).decode


@csrf_exempt
@require_http_methods(["PUT"])
def put_recording(request: HttpRequest, call_id: UUID, epoch: int) -> HttpResponse:
    """Keep both sides' audio of one epoch of a call; sent again it replaces the first."""
    try:
        claims = call_tokens.verify(_bearer(request), CallId(str(call_id)))
        if not 1 <= epoch <= MAX_EPOCHS:
            raise BadRecording(f"recording: expected an epoch from 1 to {MAX_EPOCHS}")
        stored = recordings.store(
            request,  # type: ignore[arg-type]  # a request reads like a file
            folder=settings.RECORDINGS,
            tenant_id=claims.tenant_id,
        )
    except WarmlineError as error:
        return JsonResponse({"error": str(error)}, status=error.http_status)
    except OSError as error:
        log.error("recording not kept", call=str(call_id), why=type(error).__name__)
        return JsonResponse({"error": "no room for recordings now"}, status=507)
    try:
        with as_tenant(claims.tenant_id):
            replaced = actions.keep_recording(
                call_id,
                epoch=epoch,
                name=stored.name,
                size_bytes=stored.size_bytes,
                seconds=stored.seconds,
            )
    except NotFound as error:
        recordings.remove(stored.name, folder=settings.RECORDINGS)
        return JsonResponse({"error": str(error)}, status=error.http_status)
    if replaced:
        recordings.remove(replaced, folder=settings.RECORDINGS)
    return JsonResponse({"seconds": stored.seconds}, status=201)


@csrf_exempt
@require_POST
def put_end(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Remember why a call ended, for the carrier's next question, when Redis there cannot."""
    try:
        call_tokens.verify(_bearer(request), CallId(str(call_id)))
        end = _decode_end(request.body)
        answer_memory.remember_end(str(call_id), region=end.region, reason=end.reason)
    except UNREADABLE as error:
        return JsonResponse({"error": str(error)}, status=400)
    except WarmlineError as error:
        return JsonResponse({"error": str(error)}, status=error.http_status)
    return HttpResponse(status=204)


@require_safe
@tenant_view()
def audio(request: TenantRequest, call_id: UUID) -> HttpResponseBase:
    """A call's recording for the tenant's members, whole or the part that a player asks for."""
    parts = queries.recordings_of(call_id)
    if not parts:
        raise NotFound(f"call {call_id}: no recording")
    paths = [path for part in parts if (path := settings.RECORDINGS / part.name).is_file()]
    if not paths:
        raise NotFound(f"call {call_id}: its recording is gone")
    whole = recordings.JoinedRecording(paths)
    size_bytes = whole.size_bytes
    try:
        span = recordings.requested_span(request.headers.get("Range", ""), size_bytes=size_bytes)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size_bytes}"})
    wanted = span or recordings.ByteRange(0, size_bytes)
    response = StreamingHttpResponse(
        whole.read(wanted), status=206 if span else 200, content_type="audio/wav"
    )
    if span:
        response["Content-Range"] = (
            f"bytes {span.start}-{span.start + span.length - 1}/{size_bytes}"
        )
    response["Content-Length"] = str(wanted.length)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store"
    return response


def _bearer(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise BadCredential("expected the call's token: Authorization: Bearer …")
    return token
