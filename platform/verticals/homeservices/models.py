"""Visits to people's homes. The table lives in the schema `homeservices_voice`."""

from django.db import models
from django.db.models.functions import Now

from tenants.rows import TenantModel


class VisitState(models.TextChoices):
    """Where a visit stands; the label is what a caller is told."""

    BOOKED = "booked", "booked"
    ON_THE_WAY = "on_the_way", "technician on the way"
    DONE = "done", "finished"
    CANCELLED = "cancelled", "cancelled"


class Visit(TenantModel):
    """A technician's visit. `call_id` is the call that booked it;
    `as_said` the caller's own words.
    """

    call_id = models.UUIDField()
    reference = models.CharField(max_length=8)
    service = models.CharField(max_length=200)
    customer_name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=VisitState, default=VisitState.BOOKED)
    as_said = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "homeservices_visit"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "reference"], name="homeservices_visit_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="homeservices_visit_lasts",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "starts_at"], name="homeservices_visit_starts"),
            models.Index(fields=["tenant", "call_id"], name="homeservices_visit_call"),
        ]

    def __str__(self) -> str:
        return f"{self.service} at {self.starts_at:%Y-%m-%d %H:%M}"
