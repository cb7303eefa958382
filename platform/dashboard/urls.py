"""The dashboard's pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from dashboard import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in", LoginView.as_view(template_name="dashboard/sign_in.html"), name="sign-in"),
    path("sign-out", LogoutView.as_view(next_page="/sign-in"), name="sign-out"),
    path("pools/", views.pools, name="pools"),
    path("calls/", views.calls, name="calls"),
    path("calls/<uuid:call_id>", views.call, name="call"),
]
