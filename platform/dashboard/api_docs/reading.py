"""The OpenAPI document as a reader wants it: resources, their operations, fields and examples."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from dashboard.api_docs.snippets import curl, python
from tenants.api.document.views import document
from warmline.kernel.errors import NotFound

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or an answer; `depth` is how far inside it stands."""

    name: str
    type: str
    description: str
    required: bool = False
    depth: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class OperationPage:
    """All that is said of one operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    permission: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    status: str
    body_example: Any
    answer_example: Any
    curl: str
    python: str
    refusals: tuple[tuple[str, str], ...]

    @property
    def path_parameters(self) -> tuple[Field, ...]:
        """Those that stand in the address."""
        return tuple(field for field in self.parameters if field.place == "path")

    @property
    def query_parameters(self) -> tuple[Field, ...]:
        """Those that stand behind it."""
        return tuple(field for field in self.parameters if field.place == "query")

    @property
    def body_json(self) -> str:
        """The body's example as it is sent."""
        return json.dumps(self.body_example, indent=2, ensure_ascii=False)

    @property
    def answer_json(self) -> str:
        """The answer's example as it comes."""
        return json.dumps(self.answer_example, indent=2, ensure_ascii=False)

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class Resource:
    """What has operations of its own: calls, agents, keys."""

    tag: str
    title: str
    operations: tuple[OperationPage, ...]


@cache
def resources() -> tuple[Resource, ...]:
    """All of them, in the document's order."""
    by_tag: dict[str, list[OperationPage]] = {}
    for path, methods in document()["paths"].items():
        for method in _METHODS:
            if method in methods:
                declared = methods[method]
                by_tag.setdefault(declared["tags"][0], []).append(_page(path, method, declared))
    return tuple(
        Resource(tag, tag.replace("-", " ").replace("_", " ").capitalize(), tuple(operations))
        for tag, operations in by_tag.items()
    )


def resource(tag: str) -> Resource:
    """One of them; `NotFound` when there is none of that name."""
    for known in resources():
        if known.tag == tag:
            return known
    raise NotFound(f"the API has no resource {tag!r}")


def _page(path: str, method: str, declared: Mapping[str, Any]) -> OperationPage:
    components = document()["components"]
    body_schema, body_example = _content(declared.get("requestBody", {}))
    status = next(name for name in declared["responses"] if name.startswith("2"))
    answer_schema, answer_example = _content(declared["responses"][status])
    parameters = tuple(_parameters(declared, components))
    refusals = [
        (name, components["responses"][response["$ref"].rpartition("/")[2]]["description"])
        for name, response in declared["responses"].items()
        if "$ref" in response
    ]
    return OperationPage(
        id=declared["operationId"],
        method=method.upper(),
        path=path,
        summary=declared["summary"],
        description=declared.get("description", ""),
        permission=declared.get("x-permission", ""),
        parameters=parameters,
        body=tuple(_fields(body_schema, components)),
        answer=tuple(_fields(answer_schema, components)),
        status=status,
        body_example=body_example,
        answer_example=answer_example,
        curl=curl(method, path, body=body_example),
        python=python(declared, path, body_schema),
        refusals=tuple(refusals),
    )


def _content(part: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
    """The JSON schema and example of a body or an answer; empty for what is no JSON."""
    content = part.get("content", {}).get("application/json", {})
    return content.get("schema", {}), content.get("example")


def _parameters(declared: Mapping[str, Any], components: Mapping[str, Any]) -> Iterator[Field]:
    for parameter in declared.get("parameters", []):
        whole = parameter
        if "$ref" in parameter:
            whole = components["parameters"][parameter["$ref"].rpartition("/")[2]]
        yield Field(
            name=whole["name"],
            type=_type(whole["schema"], components),
            description=whole.get("description", ""),
            required=whole.get("required", False),
            place=whole["in"],
        )


def _fields(
    schema: Mapping[str, Any], components: Mapping[str, Any], depth: int = 0
) -> Iterator[Field]:
    whole = _inner(schema, components)
    required = whole.get("required", ())
    for name, field in whole.get("properties", {}).items():
        yield Field(
            name=name,
            type=_type(field, components),
            description=field.get("description", ""),
            required=name in required,
            depth=depth,
        )
        if depth < _DEEPEST:
            yield from _fields(field, components, depth + 1)


def _inner(schema: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object that a schema comes to: what it refers to, or what its list holds."""
    if "$ref" in schema:
        return _inner(components["schemas"][schema["$ref"].rpartition("/")[2]], components)
    for key in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(key, ()):
            inner = _inner(part, components)
            if "properties" in inner:
                return inner
    if "items" in schema:
        return _inner(schema["items"], components)
    return schema


def _type(schema: Mapping[str, Any], components: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _type(components["schemas"][schema["$ref"].rpartition("/")[2]], components)
    for key in ("allOf", "oneOf", "anyOf"):
        if schema.get(key):
            parts = (_type(part, components) for part in schema[key])
            return " or ".join(dict.fromkeys(part for part in parts if part))
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"] if value is not None)
    kinds = schema.get("type", "")
    words = [kinds] if isinstance(kinds, str) else list(kinds)
    if "items" in schema:
        return f"list of {_type(schema['items'], components)}"
    if "format" in schema:
        words[0] = schema["format"]
    return " or ".join(words)
