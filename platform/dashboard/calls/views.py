"""The list of calls; its table is rendered here only, with the page or alone."""

from django.http import HttpResponse
from django.shortcuts import render

from telephony.calls import queries
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view

PAGE = "dashboard/calls/calls.html"
PARTS = {"rows": "dashboard/calls/_rows.html"}


@tenant_view(Permission.CALLS_READ)
def calls(request: TenantRequest) -> HttpResponse:
    """The tenant's calls, newest first; `part=rows` gives the table alone."""
    page = queries.calls_page(cursor=request.GET.get("cursor") or None)
    template = PARTS.get(request.GET.get("part", ""), PAGE)
    return render(request, template, {"section": "calls", "page": page})
