"""The addresses of agents' pages."""

from django.urls import path

from dashboard.agents import hours, steps, trying, views

_AGENT = "agents/<uuid:agent_id>"
urlpatterns = [
    path("agents/", views.agents, name="agents"),
    path("agents/hours", hours.hours, name="business-hours"),
    path(_AGENT, views.agent, name="agent"),
    path(f"{_AGENT}/publish", steps.publish, name="agent-publish"),
    path(f"{_AGENT}/shadow", steps.shadow, name="agent-shadow"),
    path(f"{_AGENT}/shadow/publish", steps.publish_shadow, name="agent-publish-shadow"),
    path(f"{_AGENT}/shadow/end", steps.end_shadow, name="agent-end-shadow"),
    path(f"{_AGENT}/discard", steps.discard, name="agent-discard"),
    path(f"{_AGENT}/archive", steps.archive, name="agent-archive"),
    path(f"{_AGENT}/restore", steps.restore, name="agent-restore"),
    path(f"{_AGENT}/versions", steps.versions, name="agent-versions"),
    path(f"{_AGENT}/versions/<int:number>/revert", steps.revert, name="agent-revert"),
    path(f"{_AGENT}/compare", steps.compare, name="agent-compare"),
    path(f"{_AGENT}/try", trying.try_agent, name="agent-try"),
]
