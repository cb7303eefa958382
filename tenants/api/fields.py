"""Days and moments as a request gives them: such that every clock can show them."""

from datetime import date, datetime
from typing import Any

from rest_framework import serializers

from warmline.kernel.errors import BadInput
from warmline.kernel.wall_clock import checked_day, checked_moment


class MomentField(serializers.DateTimeField):
    """A time as RFC 3339 writes it."""

    def to_internal_value(self, value: Any) -> datetime:
        """The moment, or what was expected."""
        moment = super().to_internal_value(value)
        try:
            return checked_moment(moment)
        except BadInput as error:
            raise serializers.ValidationError(str(error)) from error


class DayField(serializers.DateField):
    """A day as ISO 8601 writes it."""

    def to_internal_value(self, value: Any) -> date:
        """The day, or what was expected."""
        day = super().to_internal_value(value)
        try:
            return checked_day(day)
        except BadInput as error:
            raise serializers.ValidationError(str(error)) from error
