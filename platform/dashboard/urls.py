"""The pages' addresses."""

from django.urls import include, path

from dashboard.call.views import call
from dashboard.calls.views import calls
from dashboard.pools.views import pools
from dashboard.shadow_review import views as shadow_review

urlpatterns = [
    path("", include("dashboard.knowledge.urls")),
    path("", include("dashboard.home.urls")),
    path("", include("dashboard.sign_in.urls")),
    path("", include("dashboard.sign_up.urls")),
    path("", include("dashboard.password_reset.urls")),
    path("", include("dashboard.account.urls")),
    path("", include("dashboard.mailbox.urls")),
    path("pools/", pools, name="pools"),
    path("calls/", calls, name="calls"),
    path("calls/<uuid:call_id>", call, name="call"),
    path("", include("dashboard.agents.urls")),
    path("shadow/", shadow_review.runs, name="shadow-runs"),
    path("shadow/<uuid:run_id>", shadow_review.run, name="shadow-run"),
    path("shadow/<uuid:run_id>/verdict", shadow_review.verdict, name="shadow-verdict"),
]
