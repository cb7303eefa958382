"""Calls and minutes, by month and day."""

from django.http import HttpResponse
from django.shortcuts import render

from telephony.usage.queries import usage as usage_of
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel import clock


@tenant_view(Permission.USAGE_READ)
def usage(request: TenantRequest) -> HttpResponse:
    """This month and the one before, and how much of the month's minutes is used."""
    shown = usage_of(at=clock.now())
    most = max([day.minutes for day in shown.days], default=0.0) or 1.0
    context = {
        "section": "usage",
        "usage": shown,
        "days": reversed(shown.days),
        "months": reversed(shown.months),
        "most": most,
    }
    return render(request, "dashboard/usage/usage.html", context)
