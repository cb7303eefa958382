"""The address in the mail."""

from django.urls import path

from dashboard.invitation.views import invitation

urlpatterns = [path("invitations/<str:invitation_token>", invitation, name="invitation")]
