"""The pages' addresses."""

from django.urls import include, path

from dashboard.bookings import views as bookings
from dashboard.call import views as call
from dashboard.calls import views as calls
from dashboard.companies.views import companies
from dashboard.pools.views import pools
from dashboard.shadow_review import views as shadow_review

urlpatterns = [
    path("", include("dashboard.knowledge.urls")),
    path("", include("dashboard.home.urls")),
    path("companies/", companies, name="companies"),
    path("", include("dashboard.audit.urls")),
    path("", include("dashboard.company.urls")),
    path("", include("dashboard.invitation.urls")),
    path("", include("dashboard.members.urls")),
    path("", include("dashboard.operators.urls")),
    path("", include("dashboard.usage.urls")),
    path("", include("dashboard.sign_in.urls")),
    path("", include("dashboard.sign_up.urls")),
    path("", include("dashboard.password_reset.urls")),
    path("", include("dashboard.account.urls")),
    path("", include("dashboard.mailbox.urls")),
    path("webhooks/", include("dashboard.webhooks.urls")),
    path("pools/", pools, name="pools"),
    path("calls/", calls.calls, name="calls"),
    path("calls/export/<str:file>", calls.export, name="calls-export"),
    path("calls/views", calls.save_view, name="calls-save-view"),
    path("calls/views/<uuid:view_id>/delete", calls.delete_view, name="calls-delete-view"),
    path("calls/<uuid:call_id>", call.call, name="call"),
    path("calls/<uuid:call_id>/delete", call.delete, name="call-delete"),
    path("calls/<uuid:call_id>/erase-caller", call.erase_caller, name="call-erase-caller"),
    path("bookings/", bookings.bookings, name="bookings"),
    path("bookings/week", bookings.bookings_week, name="bookings-week"),
    path("bookings/feed", bookings.feed, name="bookings-feed"),
    path("bookings/<uuid:booking_id>", bookings.booking, name="booking"),
    path("bookings/<uuid:booking_id>/move", bookings.move, name="booking-move"),
    path("bookings/<uuid:booking_id>/cancel", bookings.cancel, name="booking-cancel"),
    path("", include("dashboard.api_keys.urls")),
    path("", include("dashboard.api_docs.urls")),
    path("", include("dashboard.agents.urls")),
    path("", include("dashboard.talk.urls")),
    path("", include("dashboard.widget.urls")),
    path("", include("dashboard.numbers.urls")),
    path("shadow/", shadow_review.runs, name="shadow-runs"),
    path("shadow/<uuid:run_id>", shadow_review.run, name="shadow-run"),
    path("shadow/<uuid:run_id>/verdict", shadow_review.verdict, name="shadow-verdict"),
]
