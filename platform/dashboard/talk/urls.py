"""Where one talks to an agent."""

from django.urls import path

from dashboard.talk import views

urlpatterns = [
    path("talk/", views.choose, name="talk-choose"),
    path("agents/<uuid:agent_id>/talk", views.talk, name="talk"),
    path("agents/<uuid:agent_id>/talk/calls", views.call, name="talk-call"),
]
