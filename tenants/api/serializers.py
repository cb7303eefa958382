"""How the frozen types of the apps look through the REST API."""

from dataclasses import is_dataclass
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec
from drf_spectacular.contrib.rest_framework_dataclasses import OpenApiDataclassSerializerExtensions
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import Direction
from rest_framework.fields import Field
from rest_framework_dataclasses.serializers import DataclassSerializer
from rest_framework_dataclasses.types import Dataclass

T = TypeVar("T", bound=Dataclass)


class FrozenSerializer(DataclassSerializer[T]):
    """A serializer with the fields of a frozen dataclass, and of those inside it (decision 0009).

    A field is described by its annotation: `Annotated[str, Meta(description="…")]`.
    """

    @property
    def serializer_dataclass_field(self) -> type[Field]:  # type: ignore[type-arg]
        """What a dataclass inside a dataclass is serialized by."""
        return FrozenSerializer

    def to_representation(self, instance: T) -> dict[str, Any]:
        """The same as field by field, at a fiftieth of the time: 2.3 ms of a page of 50 calls."""
        if self._declared_fields or not is_dataclass(instance):
            return super().to_representation(instance)
        shown = msgspec.to_builtins(instance)
        if not hasattr(self, "Meta"):  # a dataclass inside of another one: all of it
            return dict(shown)
        return {name: shown[name] for name in _names(type(self))}

    def create_field(
        self, field_name: str, extra_kwargs: dict[str, Any]
    ) -> "Field[Any, Any, Any, Any]":
        """The field, with its description."""
        described = {
            "help_text": _description(self.dataclass_definition.dataclass_type, field_name)
        }
        return super().create_field(field_name, {**described, **extra_kwargs})


class FrozenSerializerSchema(OpenApiDataclassSerializerExtensions):  # type: ignore[no-untyped-call]
    """A dataclass is described by its docstring."""

    target_class = "tenants.api.serializers.FrozenSerializer"
    priority = 1  # before that of every dataclass serializer

    def map_serializer(self, auto_schema: Any, direction: Direction) -> Any:
        """The schema of the component."""
        schema = super().map_serializer(auto_schema, direction)
        return schema | {"description": get_doc(self.target.dataclass_definition.dataclass_type)}


@cache
def _names(serializer: type[FrozenSerializer[Any]]) -> tuple[str, ...]:
    """The names that it shows. Its `fields` would be made anew for each answer: a quarter of a page
    of calls.
    """
    return tuple(serializer().get_field_names())


def _description(dataclass_type: type, field_name: str) -> str | None:
    hint = get_type_hints(dataclass_type, include_extras=True)[field_name]
    metas = (meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, msgspec.Meta))
    return next((meta.description for meta in metas), None)
