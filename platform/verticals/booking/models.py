"""The booking that verticals make their own tables from."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from tenants.rows import TenantModel


class BookingState(models.TextChoices):
    """Where any booking may stand; a vertical adds its own. A caller is told the label."""

    BOOKED = "booked", "booked"
    DONE = "done", "finished"
    CANCELLED = "cancelled", "cancelled"


class Booking(TenantModel):
    """A time granted to a caller: `call_id` is the call that booked it, `as_said` the words used.

    `caller_number` is the telephone number that the call came from, empty when withheld.
    A vertical adds its fields and says which of them are `what` and `who`, and which tell of a
    person (`PERSONAL`, beside those here).
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ()

    call_id = models.UUIDField()
    caller_number = models.CharField(max_length=64, blank=True, default="", db_default="")
    reference = models.CharField(max_length=8)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=BookingState, default=BookingState.BOOKED)
    as_said = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # How often it was moved or cancelled: a calendar takes the later one (RFC 5545, SEQUENCE).
    revision = models.PositiveIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "reference"],
                name="%(app_label)s_%(class)s_reference",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="%(app_label)s_%(class)s_lasts",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "starts_at"], name="%(app_label)s_%(class)s_starts"),
            models.Index(fields=["tenant", "call_id"], name="%(app_label)s_%(class)s_call"),
        ]

    def __str__(self) -> str:
        return f"{self.what} at {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def what(self) -> str:
        """What is booked, as a person would read it."""
        raise NotImplementedError

    @property
    def who(self) -> str:
        """For whom it is booked."""
        raise NotImplementedError
