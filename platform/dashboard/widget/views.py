"""The page of the widget: a key for the company's own site, and the line for its pages."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static

from agents.editing import queries
from dashboard.layout.forms import ActionForm
from tenants.keys import actions
from tenants.keys.queries import every_key
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput

_FOLDER = "dashboard/widget"
_SECTION = "widget"
SCOPES = (str(Permission.AGENTS_TALK),)


class WidgetForm(ActionForm):
    """Which agent answers, and on which pages."""

    agent = forms.ChoiceField(label="Who answers")
    origins = forms.CharField(
        label="Your site",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://www.example.com"}),
        help_text="One address a line, without a path. The widget works on no other site.",
    )

    def __init__(self, *args: Any, agents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].choices = agents  # type: ignore[attr-defined]

    def clean_origins(self) -> list[str]:
        """One a line."""
        return [line.strip() for line in self.cleaned_data["origins"].splitlines() if line.strip()]


@tenant_view(Permission.AGENTS_READ, writes=Permission.KEYS_WRITE)
def widget(request: TenantRequest) -> HttpResponse:
    """The keys that sites have, and the form of a new one; sent, the line for the site."""
    agents = {str(agent.id): agent.name for agent in queries.agents() if agent.live_version}
    form = WidgetForm(request.POST or None, agents=list(agents.items()))
    if form.is_valid():
        agent_id, origins = form.cleaned_data["agent"], form.cleaned_data["origins"]
        try:
            name = f"Widget: {agents[agent_id]}"
            made = actions.create_api_key(name, scopes=SCOPES, origins=origins)
        except BadInput as error:
            form.add_problem(error)
        else:
            return _snippet(request, UUID(agent_id), agents[agent_id], made.secret, origins)
    shown = Permission.KEYS_READ in request.membership.permissions
    keys = [key for key in every_key() if key.scopes == SCOPES and key.state == "live"]
    context = {
        "section": _SECTION,
        "form": form,
        "agents": agents,
        "keys": keys if shown else [],
    }
    status = 422 if form.errors else 200
    return render(request, f"{_FOLDER}/widget.html", context, status=status)


def _snippet(
    request: TenantRequest, agent_id: UUID, name: str, key: str, origins: list[str]
) -> HttpResponse:
    context = {
        "section": _SECTION,
        "script": settings.PUBLIC_URL + static(f"{_FOLDER}/widget.js"),
        "agent_id": agent_id,
        "name": name,
        "key": key,
        "origins": origins,
    }
    response = render(request, f"{_FOLDER}/snippet.html", context)
    response["Cache-Control"] = "no-store"
    return response
