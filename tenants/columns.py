"""A value's one limit is its column's: every row is held to it before Postgres is asked.

What a person, a program or a model gives is refused in a sentence; what a carrier or a call gives
is made to fit, since no call may be lost for it.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models

from warmline.kernel.errors import BadInput
from warmline.kernel.text import fitted, fitted_json, texts_in, why_unfit

_TEXTS: Final = (models.CharField, models.TextField)


class BoundedModel(models.Model):
    """A row whose texts and numbers fit their columns; `BadInput` says which does not, and why."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save, or refuse before anything is written."""
        check_columns(type(self), self.__dict__)
        super().save(*args, update_fields=update_fields, **kwargs)


def check_columns(model: type[models.Model], values: Mapping[str, object]) -> None:
    """Return if each of these values fits the model's column of that name, else `BadInput`.

    Names that are no columns are passed over.
    """
    columns = _columns(model)
    for name, value in values.items():
        column = columns.get(name)
        why = "" if column is None else _why_unfit(column, value)
        if why:
            raise BadInput(f"{name.replace('_', ' ')}: expected {why}", field=name)


def fit_columns(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with their texts cleaned and cut to the model's columns."""
    columns = _columns(model)
    return {name: _fitted(columns.get(name), value) for name, value in values.items()}


@cache
def _columns(model: type[models.Model]) -> dict[str, "models.Field[Any, Any]"]:
    return {field.attname: field for field in model._meta.concrete_fields}


def _why_unfit(column: "models.Field[Any, Any]", value: object) -> str:
    if isinstance(column, _TEXTS) and isinstance(value, str):
        return why_unfit(value, limit=column.max_length)
    if isinstance(column, models.JSONField):
        return next(filter(None, map(why_unfit, texts_in(value))), "")
    if isinstance(column, models.IntegerField) and isinstance(value, int):
        operations = connections[DEFAULT_DB_ALIAS].ops
        least, most = operations.integer_field_range(column.get_internal_type())
        if not (least or 0) <= value <= (most or value):
            return f"a whole number from {least} to {most}; this is {value}"
    return ""


def _fitted(column: "models.Field[Any, Any] | None", value: Any) -> Any:
    if column is None:
        return value
    if isinstance(column, _TEXTS) and isinstance(value, str):
        return fitted(value, limit=column.max_length)
    if isinstance(column, models.JSONField):
        return fitted_json(value)
    return value
