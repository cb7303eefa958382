"""The row of an invitation."""

from django.db import models
from django.db.models.functions import Lower, Now

from tenants.rows import TenantModel
from tenants.types import MemberRole


class Invitation(TenantModel):
    """Somebody is asked to join by e-mail. Of the token in the link its SHA-256 alone is kept."""

    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=MemberRole)
    token_sha256 = models.BinaryField(max_length=32)
    # As the audit trail writes an actor; a user's invitations end with their membership.
    invited_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "tenants"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_once_pending",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitation_email_lower"
            ),
        ]
        # Looked up by the resolver alone, which has no tenant yet.
        indexes = [models.Index(fields=["token_sha256"], name="invitation_token")]

    def __str__(self) -> str:
        return f"invitation of {self.email} as {self.role}"
