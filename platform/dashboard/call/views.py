"""One call; what moves while it runs is rendered here only, with the page or alone."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.call.timeline import timeline
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view

PAGE = "dashboard/call/call.html"
PARTS = {"story": "dashboard/call/_timeline.html"}


@tenant_view(Permission.CALLS_READ)
def call(request: TenantRequest, call_id: UUID) -> HttpResponse:
    """One call; `part=story` gives what moves while it runs."""
    shown = timeline(call_id)
    template = PARTS.get(request.GET.get("part", ""), PAGE)
    context = {"section": "calls", "timeline": shown, "page": shown.page, "call": shown.page.call}
    return render(request, template, context)
