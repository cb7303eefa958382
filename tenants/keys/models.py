"""API keys as they are kept: never the secret itself."""

from django.db import models
from django.db.models.functions import Now

from tenants.rows import TenantModel


class ApiKey(TenantModel):
    """A credential of a tenant's own programs: its SHA-256, and the `prefix` people know it by."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    secret_sha256 = models.BinaryField(max_length=32)
    scopes = models.JSONField(default=list)
    # Pages of these origins may use it from a browser.
    origins = models.JSONField(default=list)
    # Whoever saw the secret: the key reaches no further than their role, as it is now. None for one
    # that an operator made.
    maker = models.UUIDField(null=True, editable=False)
    # The key that made this one, which ends with it.
    parent = models.UUIDField(null=True, editable=False)
    # The key that this one took the place of.
    replaces = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "tenants"
        # Looked up by the resolver alone, which has no tenant yet. Not unique: 32 random bytes are.
        indexes = [models.Index(fields=["secret_sha256"], name="api_key_secret")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotentRequest(TenantModel):
    """A write that was sent with an `Idempotency-Key`; `answer` is None until it was done.

    `place` is the digest of method, path and name, `fingerprint` that of what was asked for.
    """

    key = models.ForeignKey(
        ApiKey, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    place = models.BinaryField(max_length=32)
    fingerprint = models.BinaryField(max_length=32)
    answer = models.BinaryField(null=True)
    held_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "tenants"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "place"], name="idempotent_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotent_oldest")]

    def __str__(self) -> str:
        return f"{self.key_id} {bytes(self.place).hex()}"
