"""A company's numbers: the list, and the page of each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agents.editing.queries import agents
from dashboard.numbers.forms import NumberForm
from telephony.numbers import actions, checks, orders, ownership, queries, ringing
from telephony.numbers.types import NumberCheckup, NumberLine, TestCall
from tenants import queries as tenants_queries
from tenants.context import as_tenant, current_tenant_id
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput, Unavailable


@tenant_view(Permission.NUMBERS_READ)
def numbers(request: TenantRequest) -> HttpResponse:
    """All numbers with who answers each now, and those that are on their way."""
    names = {agent.id: agent.name for agent in agents()}
    lines = [
        (line, "" if line.agent_id is None else names.get(line.agent_id, ""))
        for line in queries.numbers()
    ]
    context = {
        "section": "numbers",
        "numbers": lines,
        "orders": queries.orders(),
        "accounts": queries.accounts(),
        "is_simulated": queries.is_simulated(),
    }
    return render(request, "dashboard/numbers/numbers.html", context)


@tenant_view(Permission.NUMBERS_READ, writes=Permission.NUMBERS_WRITE)
def number(request: TenantRequest, number_id: UUID) -> HttpResponse:
    """What a number does, and its form."""
    line = queries.number(number_id)
    posted = request.method == "POST"
    form = NumberForm(request.POST if posted else None, number=line)
    if posted and form.is_valid():
        try:
            actions.change_number(number_id, **form.changes())
        except BadInput as error:
            form.add_problem(error)
        else:
            messages.success(request, "Saved: in force with the next call.")
            return redirect("number", number_id=number_id)
    return _page(request, line, form=form, status=422 if form.errors else 200)


@require_POST
@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def check(request: TenantRequest, number_id: UUID) -> HttpResponse:
    """Look at each step to the agent, and show what is wrong and what to do."""
    checkup, problem = None, ""
    try:
        checkup = checks.check_number(number_id)
    except (BadInput, Unavailable) as error:
        problem = str(error)
    with as_tenant(current_tenant_id()):
        if getattr(request, "htmx", False):
            context = {"checkup": checkup, "problem": problem}
            return render(request, "dashboard/numbers/_check.html", context)
        line = queries.number(number_id)
        return _page(request, line, checkup=checkup, problem=problem)


@require_http_methods(["GET", "POST"])
@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def ring(request: TenantRequest, number_id: UUID) -> HttpResponse:
    """Have the carrier call the number, and show how far that is: the page asks until then."""
    test_call, problem = None, ""
    try:
        test_call = (ringing.ring if request.method == "POST" else ringing.look)(number_id)
    except (BadInput, Unavailable) as error:
        problem = str(error)
    with as_tenant(current_tenant_id()):
        line = queries.number(number_id)
        if getattr(request, "htmx", False):
            context = {"number": line, "test_call": test_call, "ring_problem": problem}
            return render(request, "dashboard/numbers/_ring.html", context)
        return _page(request, line, test_call=test_call, ring_problem=problem)


@require_POST
@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def reconnect(request: TenantRequest, number_id: UUID) -> HttpResponse:
    """Have the carrier ask here about the number's calls."""
    try:
        ownership.reconnect(number_id)
    except (BadInput, Unavailable) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The number's calls are asked here now.")
    return redirect("number", number_id=number_id)


@require_POST
@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def release(request: TenantRequest, number_id: UUID) -> HttpResponse:
    """Give the number back, or take it away from here."""
    try:
        orders.release_number(number_id)
    except (BadInput, Unavailable) as error:
        messages.error(request, f"{error}. It is tried again every minute.")
    else:
        messages.success(request, "The number is gone.")
    return redirect("numbers")


def _page(
    request: TenantRequest,
    line: NumberLine,
    *,
    form: NumberForm | None = None,
    checkup: NumberCheckup | None = None,
    problem: str = "",
    test_call: TestCall | None = None,
    ring_problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "numbers",
        "number": line,
        "form": form or NumberForm(number=line),
        "checkup": checkup,
        "problem": problem,
        "test_call": test_call,
        "ring_problem": ring_problem,
        "is_simulated": queries.is_simulated(line.carrier),
        "zone": tenants_queries.tenant().time_zone,
    }
    return render(request, "dashboard/numbers/number.html", context, status=status)
