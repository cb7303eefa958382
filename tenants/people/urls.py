"""The paths of this room."""

from django.urls import path

from tenants.people import api

urlpatterns = [
    path("api/v1/members", api.Members.as_view(), name="api-members"),
    path("api/v1/members/<uuid:member_id>", api.MemberDetail.as_view(), name="api-member"),
    path("api/v1/invitations", api.Invitations.as_view(), name="api-invitations"),
    path(
        "api/v1/invitations/<uuid:invitation_id>",
        api.InvitationDetail.as_view(),
        name="api-invitation",
    ),
    path(
        "api/v1/invitations/<uuid:invitation_id>/resend",
        api.InvitationResend.as_view(),
        name="api-invitation-resend",
    ),
]
