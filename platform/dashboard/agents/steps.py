"""What moves an agent along: published, in shadow, back; and its versions, side by side."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agents.editing import actions, archiving, queries
from agents.editing.diff import differences
from agents.errors import NoDraft
from dashboard.agents.comparison import side_by_side
from tenants import queries as tenants_queries
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput, Conflict, PreconditionFailed


@require_POST
@tenant_view(Permission.AGENTS_PUBLISH)
def publish(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """Let callers hear the draft."""
    return _step(request, agent_id, actions.publish_draft, "Version {} is live: callers hear it.")


@require_POST
@tenant_view(Permission.AGENTS_PUBLISH)
def shadow(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """Let numbers in shadow mode use the draft."""
    told = "Version {} is in shadow: numbers in shadow mode use it."
    return _step(request, agent_id, actions.shadow_draft, told)


@require_POST
@tenant_view(Permission.AGENTS_PUBLISH)
def publish_shadow(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """Let callers hear the version that was in shadow."""
    version = actions.publish_shadowed(agent_id, note=request.POST.get("note", ""))
    messages.success(request, f"Version {version.number} is live: callers hear it.")
    return redirect("agent", agent_id=agent_id)


@require_POST
@tenant_view(Permission.AGENTS_PUBLISH)
def end_shadow(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """Take the version in shadow back."""
    actions.end_shadow(agent_id)
    messages.success(request, "Numbers in shadow mode use the live version again.")
    return redirect("agent", agent_id=agent_id)


@require_POST
@tenant_view(Permission.AGENTS_WRITE)
def discard(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """Forget what is being written."""
    try:
        actions.discard_draft(agent_id)
    except NoDraft:
        messages.info(request, "There was no draft any more.")
    else:
        messages.success(request, "The draft is discarded. Here is what callers hear.")
    return redirect("agent", agent_id=agent_id)


@require_POST
@tenant_view(Permission.AGENTS_PUBLISH)
def archive(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """Take the agent out of use; while a number leads to it, say which."""
    try:
        archiving.archive_agent(agent_id)
    except Conflict as error:
        messages.error(request, f"It stays in use: {error}.")
        return redirect("agent", agent_id=agent_id)
    messages.success(request, "The agent is archived. It is kept below, and can be restored.")
    return redirect("agents")


@require_POST
@tenant_view(Permission.AGENTS_PUBLISH)
def restore(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """Bring an archived agent back."""
    archiving.restore_agent(agent_id)
    messages.success(request, "The agent is in use again, as it was.")
    return redirect("agent", agent_id=agent_id)


@require_POST
@tenant_view(Permission.AGENTS_PUBLISH)
def revert(request: TenantRequest, agent_id: UUID, number: int) -> HttpResponse:
    """Go back to an earlier version."""
    version = actions.revert(agent_id, number=number, note=f"Back to version {number}")
    messages.success(request, f"Version {version.number} says what version {number} said.")
    return redirect("agent-versions", agent_id=agent_id)


@tenant_view(Permission.AGENTS_READ)
def versions(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """An agent's versions, newest first: who, when and why."""
    page = queries.versions_page(agent_id, cursor=request.GET.get("cursor"))
    context = {
        "section": "agents",
        "agent": queries.agent(agent_id),
        "page": page,
        "zone": tenants_queries.tenant().time_zone,
    }
    return render(request, "dashboard/agents/versions.html", context)


@tenant_view(Permission.AGENTS_READ)
def compare(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """Any two of an agent's wordings, side by side."""
    agent = queries.agent(agent_id)
    live = str(agent.live_version or "draft")
    before, after = request.GET.get("before", live), request.GET.get("after", "draft")
    wordings = (queries.wording_at(agent_id, place) for place in (before, after))
    context = {
        "section": "agents",
        "agent": agent,
        "fields": side_by_side(differences(*wordings)),
        "before": before,
        "after": after,
        "places": _places(agent_id),
    }
    return render(request, "dashboard/agents/compare.html", context)


def _step(
    request: TenantRequest, agent_id: UUID, step: Callable[..., Any], told: str
) -> HttpResponse:
    note, revision = request.POST.get("note", ""), request.POST.get("revision", "")
    try:
        version = step(
            agent_id, note=note, revision=int(revision) if revision.isdecimal() else None
        )
    except (BadInput, Conflict, PreconditionFailed) as error:
        messages.error(request, f"{error}"[:500])
    else:
        messages.success(request, told.format(version.number))
    return redirect("agent", agent_id=agent_id)


def _places(agent_id: UUID) -> list[tuple[str, str]]:
    """What can be compared: the draft and the newest versions."""
    places = [("draft", "The draft")]
    for line in queries.versions_page(agent_id, limit=100).items:
        state = "" if line.state == "retired" else f", {line.state}"
        places.append((str(line.number), f"Version {line.number}{state}"))
    return places
