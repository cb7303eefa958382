"""Visits to people's homes. The table lives in the schema `homeservices_voice`."""

from django.db import models

from verticals.booking.models import Booking


class VisitState(models.TextChoices):
    """Where a visit stands; the label is what a caller is told."""

    BOOKED = "booked", "booked"
    ON_THE_WAY = "on_the_way", "technician on the way"
    DONE = "done", "finished"
    CANCELLED = "cancelled", "cancelled"


class Visit(Booking):
    """A technician's visit."""

    PERSONAL = ("customer_name", "address")

    service = models.CharField(max_length=200)
    customer_name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=VisitState, default=VisitState.BOOKED)

    class Meta(Booking.Meta):
        db_table = "homeservices_visit"

    @property
    def what(self) -> str:
        """What is to be done."""
        return self.service

    @property
    def who(self) -> str:
        """The customer."""
        return self.customer_name
