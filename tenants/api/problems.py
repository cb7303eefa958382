"""Every refusal of the API, as a problem of RFC 9457 with a code that stays the same."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from tenants.api.request_ids import current_request_id
from warmline.kernel.errors import BadInput, Unavailable, WarmlineError

MEDIA_TYPE: Final = "application/problem+json"
# What Django and its REST framework raise, as our own errors are called.
CODES: Final[Mapping[type[exceptions.APIException], str]] = {
    exceptions.ParseError: "malformed_body",
    exceptions.ValidationError: "bad_input",
    exceptions.AuthenticationFailed: "unauthenticated",
    exceptions.NotAuthenticated: "unauthenticated",
    exceptions.PermissionDenied: "not_allowed",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "rate_limited",
}
# What is refused before a view has it: an address, a method, a body, a fault of our own.
CODES_BY_STATUS: Final = {
    401: "unauthenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    408: "body_too_slow",
    413: "body_too_large",
    429: "too_many_at_once",
    500: "internal_error",
    503: "unavailable",
}
_TITLES: Final = {
    400: "The request is not as expected",
    401: "A credential is missing or not good",
    403: "The credential does not reach this",
    404: "There is no such thing here",
    405: "Not by this method",
    406: "There is no such representation",
    408: "That took too long",
    409: "It does not go with what is there",
    412: "It was changed since it was read",
    413: "That is too large",
    415: "Not in this format",
    422: "The request cannot be followed",
    429: "Too many requests",
    500: "Something broke on our side",
    503: "Busy or away right now",
}


class FieldProblem(serializers.Serializer):  # type: ignore[type-arg]
    """What is wrong with one field."""

    field = serializers.CharField(help_text="Where it stands: name, facts.0.label")
    code = serializers.CharField(help_text="What is wrong, for programs")
    detail = serializers.CharField(help_text="What was expected, for people")


class Problem(serializers.Serializer):  # type: ignore[type-arg]
    """Why a request was refused (RFC 9457)."""

    type = serializers.URLField(help_text="The page that explains the code")
    title = serializers.CharField(help_text="The same for each status")
    status = serializers.IntegerField(help_text="The HTTP status")
    detail = serializers.CharField(help_text="What was wrong, and what was expected")
    code = serializers.CharField(help_text="Stays the same: what a program goes by")
    instance = serializers.CharField(help_text="This request's id")
    # A serializer has an `errors` of its own, which this class never uses.
    errors = FieldProblem(  # type: ignore[assignment]
        many=True, required=False, help_text="The fields that are wrong, where they are"
    )


def problem(
    status: int, *, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The body of a refusal."""
    body: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/api/v1/docs/problems#{code}",
        "title": _TITLES.get(status, _TITLES[500 if status >= 500 else 400]),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": current_request_id(),
    }
    if errors:
        body["errors"] = errors
    return body


def plain_problem(status: int, *, detail: str) -> dict[str, Any]:
    """The body of a refusal that no view made."""
    return problem(status, code=CODES_BY_STATUS.get(status, "bad_input"), detail=detail)


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The framework's exception handler: None for what is no refusal but a fault of our own."""
    if isinstance(error, WarmlineError):
        headers = {}
        if isinstance(error, Unavailable):
            headers["Retry-After"] = str(error.wait_s)
        return _refusal(error.http_status, _of_warmline_error(error), headers=headers)
    if isinstance(error, Http404):
        error = exceptions.NotFound(*error.args)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(*error.args)
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return None
    code = CODES.get(type(error), "bad_input")
    if isinstance(error, exceptions.ValidationError):
        errors = list(_field_errors(error.get_full_details()))
        detail = "; ".join(f"{entry['field']}: {entry['detail']}" for entry in errors[:5])
        body = problem(response.status_code, code=code, detail=detail, errors=errors)
    else:
        body = problem(response.status_code, code=code, detail=str(error.detail))
    headers = {name: value for name, value in response.items() if name != "Content-Type"}
    return _refusal(response.status_code, body, headers=headers)


def _refusal(status: int, body: dict[str, Any], *, headers: dict[str, str]) -> Response:
    response = Response(body, status=status, headers=headers)
    response.content_type = MEDIA_TYPE
    return response


def _of_warmline_error(error: WarmlineError) -> dict[str, Any]:
    errors = None
    if isinstance(error, BadInput) and error.field is not None:
        errors = [{"field": error.field, "code": error.code, "detail": str(error)}]
    return problem(error.http_status, code=error.code, detail=str(error), errors=errors)


def _field_errors(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Each message of nested validation errors, with the path of its field."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        code, message = str(details["code"]), str(details["message"])
        yield {"field": path or "body", "code": code, "detail": message}
    elif isinstance(details, dict):
        for name, below in details.items():
            whole = name in ("non_field_errors", "detail")
            yield from _field_errors(below, path if whole else f"{path}.{name}".lstrip("."))
    elif isinstance(details, list):
        for number, below in enumerate(details):
            in_list = isinstance(below, dict) and "message" not in below
            step = f"{path}.{number}".lstrip(".") if in_list else path
            yield from _field_errors(below, step)
