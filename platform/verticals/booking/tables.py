"""Which tables hold a tenant's bookings: those of its vertical, whichever that is."""

from django.apps import apps

from tenants.queries import tenant
from verticals.booking.models import Booking


def booking_models(vertical: str | None = None) -> tuple[type[Booking], ...]:
    """The bookings of a vertical, by default the bound tenant's."""
    models = apps.get_app_config(vertical or tenant().vertical).get_models()
    return tuple(model for model in models if issubclass(model, Booking))
