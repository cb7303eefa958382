"""Parked jobs: why each was given up, and what shall become of it."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from dashboard.outcomes import see
from tenants.parked.actions import discard_parked, retry_parked
from tenants.parked.queries import parked_tasks
from tenants.parked.types import MOST_ATTEMPTS
from tenants.web import operator_view
from warmline.kernel.errors import NotFound

DECISIONS: Final[Mapping[str, tuple[Callable[[UUID], None], str]]] = {
    "retry": (retry_parked, "It is sent once more within seconds."),
    "discard": (discard_parked, "It is given up."),
}


@operator_view
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits for an operator."""
    context = {"section": "operator-tasks", "tasks": parked_tasks(), "most": MOST_ATTEMPTS}
    return render(request, "dashboard/operators/tasks/tasks.html", context)


@require_POST
@operator_view
def decide(request: HttpRequest, job: UUID, decision: str) -> HttpResponse:
    """Send it again, or give it up."""
    if decision not in DECISIONS:
        raise Http404(decision)
    act, told = DECISIONS[decision]
    try:
        act(job)
    except NotFound as error:
        messages.error(request, f"{str(error).capitalize()}.")
    else:
        messages.success(request, told)
    return see("operator-tasks")
