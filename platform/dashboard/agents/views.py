"""A company's agents: the list, and the editor of each."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agents import registry
from agents.editing import actions, queries
from agents.editing.diff import differences
from agents.errors import AgentArchived, DraftMoved
from agents.lint.queries import findings_of
from dashboard.agents.comparison import side_by_side
from dashboard.agents.findings import shown_findings
from dashboard.agents.forms import WordingForm
from dashboard.layout.forms import ActionForm
from tenants import queries as tenants_queries
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput


class NewAgentForm(ActionForm):
    """A new agent."""

    name = forms.CharField(
        label="Name of the agent", max_length=60, help_text="Callers hear it: choose a first name."
    )


@tenant_view(Permission.AGENTS_READ, writes=Permission.AGENTS_WRITE)
def agents(request: TenantRequest) -> HttpResponse:
    """The company's agents; a new one begins with the words of its line of business."""
    posted = request.method == "POST"
    form = NewAgentForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            agent_id = actions.create_agent(form.cleaned_data["name"])
        except BadInput as error:
            form.add_problem(error)
        else:
            messages.success(request, "Here is your agent. Change what it says, then try it.")
            return redirect("agent", agent_id=agent_id)
    context = {
        "section": "agents",
        "agents": queries.agents(),
        "archived": queries.archived_agents(),
        "form": form,
    }
    context |= _clock()
    status = 422 if form.errors else 200
    return render(request, "dashboard/agents/agents.html", context, status=status)


@tenant_view(Permission.AGENTS_READ, writes=Permission.AGENTS_WRITE)
def agent(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """The editor: what is being written, what the lint says of it, and a try beside it."""
    if request.method == "POST":
        return _save(request, agent_id)
    draft = queries.draft(agent_id)
    form = WordingForm(wording=draft.wording, revision=draft.revision, vertical=_vertical())
    return _editor(request, agent_id, form)


def _save(request: TenantRequest, agent_id: UUID) -> HttpResponse:
    """Keep the draft; what somebody else saved meanwhile is shown beside what was written here."""
    draft = queries.draft(agent_id)
    form = WordingForm(
        request.POST, wording=draft.wording, revision=draft.revision, vertical=_vertical()
    )
    if not form.is_valid():
        return _editor(request, agent_id, form, status=422)
    try:
        actions.save_draft(agent_id, wording=form.wording(), revision=form.cleaned_data["revision"])
    except BadInput as error:
        form.add_problem(error)
        return _editor(request, agent_id, form, status=422)
    except AgentArchived as error:
        form.add_error(None, str(error))
        return _editor(request, agent_id, form, status=409)
    except DraftMoved:
        # Saving once more keeps what is written here: the form goes on from what it was shown.
        data = request.POST.copy()
        data["revision"] = str(draft.revision)
        form.data = data
        theirs = side_by_side(differences(form.wording(), draft.wording))
        return _editor(
            request, agent_id, form, status=409, theirs=theirs, edited_by=draft.edited_by
        )
    messages.success(request, "Saved. Callers hear it once it is published.")
    return redirect("agent", agent_id=agent_id)


def _editor(
    request: TenantRequest, agent_id: UUID, form: WordingForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    draft = queries.draft(agent_id)
    findings = findings_of(draft.wording)
    context = {
        "section": "agents",
        "agent": queries.agent(agent_id),
        "draft": draft,
        "form": form,
        "findings": shown_findings(findings, draft.wording),
        "blocked": any(finding.severity == "error" for finding in findings),
    }
    context |= _clock() | more
    return render(request, "dashboard/agents/editor.html", context, status=status)


def _vertical() -> Any:
    return registry.vertical(tenants_queries.tenant().vertical)


def _clock() -> dict[str, str]:
    """Times are told on the company's own clock."""
    return {"zone": tenants_queries.tenant().time_zone}
