"""The pages' addresses."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from dashboard.call.views import call
from dashboard.calls.views import calls
from dashboard.home import home
from dashboard.pools.views import pools
from dashboard.shadow_review import views as shadow_review
from dashboard.sign_in.views import SignIn

urlpatterns = [
    path("", home, name="home"),
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(next_page="/sign-in"), name="sign-out"),
    path("pools/", pools, name="pools"),
    path("calls/", calls, name="calls"),
    path("calls/<uuid:call_id>", call, name="call"),
    path("", include("dashboard.agents.urls")),
    path("shadow/", shadow_review.runs, name="shadow-runs"),
    path("shadow/<uuid:run_id>", shadow_review.run, name="shadow-run"),
    path("shadow/<uuid:run_id>/verdict", shadow_review.verdict, name="shadow-verdict"),
]
