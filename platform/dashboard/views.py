"""The pages. Each live part is rendered here only:
whole with its page, or alone when something happened.
"""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dashboard import queries
from dashboard.pools import pool_cards
from telephony.calls import queries as telephony
from tenants.web import TenantRequest, operator_view, tenant_view
from warmline.kernel import clock


def home(request: HttpRequest) -> HttpResponse:
    """Calls are what one comes for; an operator comes for the pools."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return redirect("pools" if request.user.is_staff else "calls")


@tenant_view()
def calls(request: TenantRequest) -> HttpResponse:
    """The tenant's calls, newest first; `part=rows` gives the table alone."""
    page = telephony.calls_page(cursor=request.GET.get("cursor") or None)
    template = (
        "dashboard/_calls_rows.html"
        if request.GET.get("part") == "rows"
        else "dashboard/calls.html"
    )
    return render(request, template, {"section": "calls", "page": page})


@tenant_view()
def call(request: TenantRequest, call_id: UUID) -> HttpResponse:
    """One call; `part=story` gives what moves while it runs."""
    story = queries.story(call_id)
    template = (
        "dashboard/_story.html" if request.GET.get("part") == "story" else "dashboard/call.html"
    )
    return render(
        request,
        template,
        {"section": "calls", "story": story, "page": story.page, "call": story.page.call},
    )


@operator_view
def pools(request: HttpRequest) -> HttpResponse:
    """Every pool of the platform; `part=cards` gives what moves."""
    template = (
        "dashboard/_pool_cards.html"
        if request.GET.get("part") == "cards"
        else "dashboard/pools.html"
    )
    return render(request, template, {"section": "pools", "cards": pool_cards(at=clock.now())})
