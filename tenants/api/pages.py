"""Lists in pages: each says where the next one begins, by a cursor that only its own list reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Generic, TypeVar

from django.core import signing
from rest_framework import serializers

from tenants.context import current_tenant_id
from warmline.kernel.errors import BadInput

T = TypeVar("T")
_SALT: Final = "warmline.cursor"


class BadCursor(BadInput):
    """A cursor that this list did not give out."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and the cursor of those that follow; None at its end."""

    items: tuple[T, ...]
    next_cursor: str | None = None


def encode_cursor(kind: str, values: Sequence[str | int | float | None]) -> str:
    """The place after a row with these values, for the bound tenant's list of that kind.

    `kind` names the list with its sort and filters: a cursor of another one is refused.
    """
    return signing.dumps([current_tenant_id(), kind, list(values)], salt=_SALT)


def decode_cursor(kind: str, cursor: str) -> list[Any]:
    """The values that `encode_cursor` was given; `BadCursor` for any other text."""
    try:
        tenant_id, encoded_kind, values = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise _bad_cursor() from None
    if tenant_id != current_tenant_id() or encoded_kind != kind:
        raise _bad_cursor()
    return list(values)


def _bad_cursor() -> BadCursor:
    return BadCursor(
        "cursor: expected one that this list gave out, with the same filters and sort",
        field="cursor",
    )


@cache
def page_of(item: type[serializers.BaseSerializer[Any]]) -> type[serializers.Serializer[Any]]:
    """The serializer of a page of these."""
    name = item.__name__.removesuffix("Serializer")
    fields = {
        "items": item(many=True),
        "next_cursor": serializers.CharField(
            allow_null=True, help_text="Asks for the next page; null at the end"
        ),
        "__doc__": f"A page of {name}.",
        "__module__": item.__module__,
    }
    return type(f"{name}PageSerializer", (serializers.Serializer,), fields)
