"""An operation of the API: what it takes, gives and needs, declared once.

The declaration is what the OpenAPI document is written from and what each request is held to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from tenants.api.problems import MEDIA_TYPE, Problem
from tenants.api.requests import QuerySerializer
from tenants.permissions import Permission

Handler = TypeVar("Handler", bound=Callable[..., Any])
Serializer = type[serializers.BaseSerializer[Any]]

REFUSALS: Final = {
    400: "The request is not as expected: an unknown parameter or field, a value out of bounds",
    401: "No API key, or one that is unknown, expired or revoked",
    403: "The key's scopes do not reach this",
    404: "The company has no such thing",
    406: "`Accept` asks for what is not given here",
    409: "It does not go with what is there",
    412: "It was changed since `If-Match` read it",
    413: "More was sent than this address takes",
    415: "The body is in no format that is taken here",
    422: "It cannot be followed, or its `Idempotency-Key` stands for another request",
    429: "Too many requests: `Retry-After` says when to come again",
    503: "Something this needs is away or full: try again later",
}
MULTIPART: Final = "multipart/form-data"
_JSON: Final = "application/json"
_EDITS: Final = ("put", "patch", "delete")
_IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The `ETag` of what was read: refused with 412 if it changed since",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of one view is."""

    id: str
    permission: Permission
    query: type[QuerySerializer]
    body: Serializer | None
    form: Serializer | None
    answer: Serializer | None
    status: int
    asks_outside: bool = False

    @property
    def shown_fields(self) -> tuple[str, ...]:
        """The fields that `fields=` may choose from; of a page, its items'."""
        if self.answer is None:
            return ()
        fields: dict[str, Any] = getattr(self.answer(), "fields", {})
        if set(fields) == {"items", "next_cursor"}:
            fields = fields["items"].child.fields
        return tuple(fields)


def operation(
    operation_id: str,
    *,
    permission: Permission,
    answer: Any = None,
    query: type[QuerySerializer] = QuerySerializer,
    body: Serializer | None = None,
    form: Serializer | None = None,
    status: int = 200,
    asks_outside: bool = False,
) -> Callable[[Handler], Handler]:
    """Declare a method of a `TenantAPIView`; its docstring is the operation's description.

    `form` is what it takes as multipart/form-data beside its JSON `body`: a file, which no JSON
    holds. `answer` None is an answer without a body: give status 204. Anything that is no
    serializer (a `{(status, media type): type}` of drf-spectacular) describes answers that are no
    JSON. One that `asks_outside` has its tenant bound and no transaction: its actions open their
    own, so that no row waits for another company's answer.
    """

    def decorate(handler: Handler) -> Handler:
        is_serializer = isinstance(answer, type) and issubclass(answer, serializers.BaseSerializer)
        declared = Operation(
            id=operation_id,
            permission=permission,
            query=query,
            body=body,
            form=form,
            answer=answer if is_serializer else None,
            status=status,
            asks_outside=asks_outside,
        )
        described = extend_schema(
            operation_id=operation_id,
            parameters=_parameters(handler.__name__, declared),
            request=body if form is None else {_JSON: body, MULTIPART: form},
            responses={**_answers(answer, status), **_problems()},
            extensions={"x-permission": str(permission)},
        )(handler)
        described.operation = declared  # type: ignore[attr-defined]  # read by `TenantAPIView`
        return described

    return decorate


def _answers(answer: Any, status: int) -> dict[Any, Any]:
    if isinstance(answer, dict):
        return answer
    if answer is None:
        return {status: OpenApiResponse(description="Done")}
    return {status: answer}


def _problems() -> dict[Any, Any]:
    return {
        (status, MEDIA_TYPE): OpenApiResponse(Problem, description=description)
        for status, description in REFUSALS.items()
    }


def _parameters(method: str, declared: Operation) -> list[Any]:
    parameters: list[Any] = [declared.query] if declared.query().fields else []
    if method in _EDITS:
        parameters.append(_IF_MATCH)
    if method == "get" and declared.shown_fields:
        parameters.append(_fields_parameter(declared.shown_fields))
    return parameters


def _fields_parameter(names: tuple[str, ...]) -> OpenApiParameter:
    listed = {"type": "array", "items": {"type": "string", "enum": list(names)}, "minItems": 1}
    return OpenApiParameter(
        "fields",
        listed,
        style="form",
        explode=False,
        description="Only these fields, with commas between them",
    )
