"""The review: scored calls, one side by side, and the reviewer's verdict."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from shadow import actions, queries
from shadow.types import VERDICTS
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view


@tenant_view(Permission.SHADOW_READ)
def runs(request: TenantRequest) -> HttpResponse:
    """The tenant's scored calls: first those that a person must judge, then the newest."""
    context = {"section": "shadow", "runs": queries.runs()}
    return render(request, "dashboard/shadow_review/runs.html", context)


@tenant_view(Permission.SHADOW_READ)
def run(request: TenantRequest, run_id: UUID) -> HttpResponse:
    """What the person and the agent answered, turn by turn."""
    context = {
        "section": "shadow",
        "page": queries.run_page(run_id),
        "choices": VERDICTS.items(),
        "may_judge": Permission.SHADOW_JUDGE in request.membership.permissions,
    }
    return render(request, "dashboard/shadow_review/run.html", context)


@require_POST
@tenant_view(Permission.SHADOW_JUDGE)
def verdict(request: TenantRequest, run_id: UUID) -> HttpResponse:
    """A reviewer's verdict on a run."""
    choice, note = request.POST.get("choice", ""), request.POST.get("note", "")
    actions.give_verdict(run_id, reviewer_id=request.user.pk, choice=choice, note=note)
    return redirect("shadow-run", run_id=run_id)
