"""What every operation has, written into the document: refusals, headers, examples, the codes."""

import copy
from typing import Any, Final

from tenants.api.document.codes import codes
from tenants.api.document.examples import example
from tenants.api.operations import REFUSALS
from tenants.api.problems import MEDIA_TYPE

# With `fields` an answer has those alone.
_SPARSE: Final = {"type": "object", "description": "Only the fields that `fields` names"}
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_HEADERS: Final = {
    "X-Request-Id": "The request's id: your own if you sent one, else ours",
    "RateLimit": "Requests left, and the seconds until there are more "
    "(draft-ietf-httpapi-ratelimit-headers)",
    "RateLimit-Policy": "The limits that hold: requests in so many seconds",
}
_IDEMPOTENCY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name for this request, such as a UUID: sent again within 24 hours with the "
    "same body, it is not done again but answered as before (`Idempotent-Replayed: true`)",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}


def finished(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The document with what is the same for all operations; a hook of drf-spectacular."""
    components = result["components"]
    components["schemas"]["Problem"]["properties"]["code"]["enum"] = [code.code for code in codes()]
    components["responses"] = {_named(status): _refusal(status) for status in REFUSALS}
    components["headers"] = {
        name: {"description": description, "schema": {"type": "string"}}
        for name, description in _HEADERS.items()
    }
    components["parameters"] = {"IdempotencyKey": _IDEMPOTENCY}
    for path in result["paths"].values():
        for method in _METHODS:
            if method in path:
                _finish(path[method], method, components)
    _drop_blank_defaults(result)
    return result


def whole_answers(document: dict[str, Any]) -> dict[str, Any]:
    """The document without `fields`: what clients are typed by, and answers held to."""
    whole = copy.deepcopy(document)
    for path in whole["paths"].values():
        for name in _METHODS:
            operation = path.get(name, {})
            parameters = operation.get("parameters")
            if parameters:
                operation["parameters"] = [
                    parameter for parameter in parameters if parameter.get("name") != "fields"
                ]
            for response in operation.get("responses", {}).values():
                content = response.get("content", {}).get("application/json", {})
                if _SPARSE in content.get("schema", {}).get("anyOf", ()):
                    content["schema"] = content["schema"]["anyOf"][0]
    return whole


def _drop_blank_defaults(part: Any) -> None:
    """What is left out is empty, and nobody may send what is empty: such a default is no value."""
    if isinstance(part, dict):
        if part.get("default") == "" and part.get("minLength"):
            del part["default"]
        for inner in part.values():
            _drop_blank_defaults(inner)
    elif isinstance(part, list):
        for inner in part:
            _drop_blank_defaults(inner)


def _finish(operation: dict[str, Any], method: str, components: dict[str, Any]) -> None:
    description = operation.get("description", "")
    operation["summary"] = " ".join(description.split("\n\n")[0].split()).partition(". ")[0][:120]
    if method != "get":
        operation.setdefault("parameters", []).append(
            {"$ref": "#/components/parameters/IdempotencyKey"}
        )
    for content in operation.get("requestBody", {}).get("content", {}).values():
        given = [case["value"] for case in content.pop("examples", {}).values()]
        content["example"] = (
            given[0] if given else example(content["schema"], components=components)
        )
    parameters = operation.get("parameters", [])
    may_be_sparse = any(parameter.get("name") == "fields" for parameter in parameters)
    for status, response in operation["responses"].items():
        if int(status) in REFUSALS:
            operation["responses"][status] = {"$ref": f"#/components/responses/{_named(status)}"}
        else:
            _finish_answer(response, components, may_be_sparse=may_be_sparse)


def _finish_answer(
    response: dict[str, Any], components: dict[str, Any], *, may_be_sparse: bool
) -> None:
    response["description"] = response.get("description") or "Done"
    headers = response.setdefault("headers", {})
    for name in _HEADERS:
        headers[name] = {"$ref": f"#/components/headers/{name}"}
    for media_type, content in response.get("content", {}).items():
        if media_type == "application/json":
            content.setdefault("example", example(content["schema"], components=components))
            if may_be_sparse:
                content["schema"] = {"anyOf": [content["schema"], _SPARSE]}


def _refusal(status: int) -> dict[str, Any]:
    headers: dict[str, Any] = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}
    if status in (429, 503):
        headers["Retry-After"] = {
            "description": "Seconds after which to come again",
            "schema": {"type": "integer"},
        }
    return {
        "description": REFUSALS[status],
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _named(status: int | str) -> str:
    return f"Problem{status}"
