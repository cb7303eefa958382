"""A call's recording and exports of calls through the REST API: answers that are no JSON."""

from typing import Any, Final
from uuid import UUID

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from telephony.calls import recording_links, recordings
from telephony.calls.api.parameters import ExportQuery, filters_of
from telephony.calls.api.serializers import RecordingLinkSerializer
from telephony.calls.listing.exporting import FORMATS, exported
from telephony.calls.listing.filters import checked_sort
from tenants.actions import record_audit
from tenants.api.operations import operation
from tenants.api.rendering import PlainJSONRenderer
from tenants.api.views import TenantAPIView
from tenants.context import current_tenant_id
from tenants.permissions import Permission
from warmline.kernel import clock

_WAV: Final = {(200, "audio/wav"): OpenApiTypes.BINARY, (206, "audio/wav"): OpenApiTypes.BINARY}
_FILE: Final = {
    (200, "application/x-ndjson"): OpenApiTypes.STR,
    (200, "text/csv"): OpenApiTypes.STR,
}


class AnyType(BaseRenderer):
    """For views that stream their answer: whatever a client accepts, that is what there is."""

    media_type = "*/*"
    format = "any"

    def render(self, data: Any, *_: Any, **__: Any) -> bytes:
        """A refusal is JSON all the same."""
        return PlainJSONRenderer().render(data)


class CallRecording(TenantAPIView):
    """The recording of one call."""

    renderer_classes = [PlainJSONRenderer, AnyType]

    @operation("get_call_recording", permission=Permission.RECORDINGS_READ, answer=_WAV)
    def get(self, request: Request, call_id: UUID) -> HttpResponseBase:
        """Both sides' audio as WAV, the caller on the left; a `Range` of bytes is answered 206."""
        asked = request.headers.get("Range", "")
        return recordings.streamed(recordings.recording_of(call_id), asked=asked)


class CallRecordingLink(TenantAPIView):
    """A link to the recording of one call."""

    @operation(
        "link_call_recording",
        permission=Permission.RECORDINGS_READ,
        answer=RecordingLinkSerializer,
        status=201,
    )
    def post(self, request: Request, call_id: UUID) -> Response:
        """Make a link that opens the recording for five minutes without a key.

        It ends with the key that asked for it.
        """
        link = recording_links.link_to(call_id, at=clock.now())
        return Response(RecordingLinkSerializer(link).data, status=201)


class CallsExport(TenantAPIView):
    """All calls of a list in one file."""

    renderer_classes = [PlainJSONRenderer, AnyType]

    @operation("export_calls", permission=Permission.CALLS_EXPORT, query=ExportQuery, answer=_FILE)
    def get(self, request: Request) -> HttpResponseBase:
        """Export all calls that fit, streamed as newline-delimited JSON or as CSV.

        A file without its last line's end was cut short.
        """
        filters, form = filters_of(self.query), self.query["file"]
        sort = checked_sort(self.query["sort"], filters)
        record_audit(action="calls.export", subject="calls", detail={"file": form})
        pieces = exported(filters, sort=sort, form=form, tenant_id=current_tenant_id())
        return StreamingHttpResponse(
            pieces,
            content_type=FORMATS[form],
            headers={"Content-Disposition": f'attachment; filename="calls.{form}"'},
        )
