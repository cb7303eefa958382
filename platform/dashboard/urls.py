"""The dashboard's pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from dashboard import views
from dashboard.sign_in import SignIn

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(next_page="/sign-in"), name="sign-out"),
    path("pools/", views.pools, name="pools"),
    path("calls/", views.calls, name="calls"),
    path("calls/<uuid:call_id>", views.call, name="call"),
]
