"""Appointments at a practice. The table lives in the schema `healthcare_voice`."""

from django.db import models

from verticals.booking.models import Booking


class AppointmentState(models.TextChoices):
    """Where an appointment stands; the label is what a caller is told."""

    BOOKED = "booked", "booked"
    ARRIVED = "arrived", "patient is here"
    DONE = "done", "finished"
    CANCELLED = "cancelled", "cancelled"
    MISSED = "missed", "missed"


class Appointment(Booking):
    """A patient's appointment."""

    PERSONAL = ("patient_name", "reason")

    reason = models.CharField(max_length=200)
    patient_name = models.CharField(max_length=200)
    state = models.CharField(
        max_length=20, choices=AppointmentState, default=AppointmentState.BOOKED
    )

    class Meta(Booking.Meta):
        db_table = "healthcare_appointment"

    @property
    def what(self) -> str:
        """Why the patient comes."""
        return self.reason

    @property
    def who(self) -> str:
        """The patient."""
        return self.patient_name
