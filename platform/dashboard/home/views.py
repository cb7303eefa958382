"""The way in: where the address without a path leads, and a company's overview."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agents.editing import queries as agents_queries
from agents.queries import hours_are_set
from dashboard.home.onboarding import SetupFacts, next_step, steps
from rag import queries as rag_queries
from shadow import queries as shadow_queries
from telephony.calls import queries as calls_queries
from telephony.numbers import queries as numbers_queries
from tenants.permissions import Permission
from tenants.queries import memberships, was_done
from tenants.web import SESSION_TENANT, TenantRequest, tenant_view


def entrance(request: HttpRequest) -> HttpResponse:
    """To the company's overview, or for an operator to the pools; who is not signed in, signs in.

    Somebody who belongs to no company may found one.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.user.is_staff:
        return redirect("pools")
    if SESSION_TENANT not in request.session and not memberships(request.user.pk):
        return redirect("new-company")
    return redirect("overview")


@tenant_view(Permission.COMPANY_READ)
def overview(request: TenantRequest) -> HttpResponse:
    """What is left to set up, who answers each number now, and the calls that go on."""
    numbers = numbers_queries.numbers()
    agents = agents_queries.agents()
    facts = SetupFacts(
        numbers=len(numbers),
        live_agents=sum(agent.live_version is not None for agent in agents),
        has_hours=hours_are_set(),
        documents=rag_queries.documents_known(),
        tries=was_done("agent.try"),
        shadowed_calls=len(shadow_queries.runs(limit=1)),
        live_numbers=sum(number.mode == "live" and bool(number.agent_id) for number in numbers),
    )
    plan = steps(facts)
    context = {
        "section": "home",
        "steps": plan,
        "next_step": next_step(plan),
        "done": sum(step.is_done for step in plan),
        "numbers": numbers,
        "names": {agent.id: agent.name for agent in agents},
        "live_calls": calls_queries.live_calls(limit=10),
    }
    return render(request, "dashboard/home/home.html", context)
