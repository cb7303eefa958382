"""The calendar that a secret address opens."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from agents.bookings import calendar
from tenants.context import as_tenant
from warmline.kernel import clock


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The company's bookings as iCalendar; 404 for an address that is none any more.

    304 for a calendar that has it already.
    """
    tenant_id = calendar.tenant_of_feed(token)
    if tenant_id is None:
        return HttpResponse("There is no such calendar.", status=404, content_type="text/plain")
    with as_tenant(tenant_id):
        content = calendar.calendar(at=clock.now())
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
