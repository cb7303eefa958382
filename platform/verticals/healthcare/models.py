"""Appointments at a practice. The table lives in the schema `healthcare_voice`."""

from django.db import models
from django.db.models.functions import Now

from tenants.rows import TenantModel


class AppointmentState(models.TextChoices):
    """Where an appointment stands; the label is what a caller is told."""

    BOOKED = "booked", "booked"
    ARRIVED = "arrived", "patient is here"
    DONE = "done", "finished"
    CANCELLED = "cancelled", "cancelled"
    MISSED = "missed", "missed"


class Appointment(TenantModel):
    """A patient's appointment. `call_id` is the call that booked it;
    `as_said` the caller's own words.
    """

    call_id = models.UUIDField()
    reference = models.CharField(max_length=8)
    reason = models.CharField(max_length=200)
    patient_name = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(
        max_length=20, choices=AppointmentState, default=AppointmentState.BOOKED
    )
    as_said = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "healthcare_appointment"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "reference"], name="healthcare_appointment_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="healthcare_appointment_lasts",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "starts_at"], name="healthcare_appointment_starts"),
            models.Index(fields=["tenant", "call_id"], name="healthcare_appointment_call"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} at {self.starts_at:%Y-%m-%d %H:%M}"
