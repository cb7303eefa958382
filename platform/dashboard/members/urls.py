"""The addresses of the members' page."""

from django.urls import path

from dashboard.members import views

urlpatterns = [
    path("members/", views.members, name="members"),
    path("members/invite", views.invite, name="member-invite"),
    path("members/<uuid:member_id>/role", views.change_role, name="member-role"),
    path("members/<uuid:member_id>/remove", views.remove, name="member-remove"),
    path("members/invitations/<uuid:invitation_id>/resend", views.resend, name="invitation-resend"),
    path("members/invitations/<uuid:invitation_id>/revoke", views.revoke, name="invitation-revoke"),
]
