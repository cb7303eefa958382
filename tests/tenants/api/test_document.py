"""The OpenAPI document is valid, whole, and the same for everybody."""

from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tenants.api.document.codes import codes
from tenants.api.document.views import document
from tenants.api.views import METHODS, TenantAPIView
from warmline.enum_names import ENUM_NAMES

OPEN = {"api/v1/openapi.json", "api/v1/docs", "api/v1/docs/problems", "api/v1/docs/<slug:tag>"}


def views(resolver: Any = None, prefix: str = "") -> dict[str, Any]:
    """Every address below /api/ and its view."""
    found: dict[str, Any] = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= views(pattern, route)
        elif isinstance(pattern, URLPattern) and route.startswith("api/"):
            found[route] = getattr(pattern.callback, "view_class", None)
    return {route: view for route, view in found.items() if route not in OPEN}


def described() -> list[dict[str, Any]]:
    """Every operation of the document."""
    return [
        operation
        for path in document()["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    ]


def test_the_document_is_valid() -> None:
    """By OpenAPI 3.1's own schema."""
    assert document()["openapi"] == "3.1.0"
    validate(document())


def test_every_address_of_the_api_is_built_by_operations_and_described() -> None:
    """With an id, a summary, a scope and its refusals; ids are given once."""
    declared = set()
    for route, view in views().items():
        assert view is not None, route
        assert issubclass(view, TenantAPIView), route
        for method in METHODS:
            handler = getattr(view, method, None)
            if handler is not None:
                declared.add(handler.operation.id)
    ids = [operation["operationId"] for operation in described()]
    assert sorted(ids) == sorted(declared)
    for operation in described():
        assert operation["summary"], operation["operationId"]
        assert operation["x-permission"]
        assert {"400", "401", "403", "404", "422", "429", "503"} <= set(operation["responses"])


def test_every_example_is_what_its_schema_says() -> None:
    """Of bodies and of answers."""
    components = {"components": document()["components"]}
    for operation in described():
        parts = [operation.get("requestBody", {}), *operation["responses"].values()]
        for part in parts:
            content = part.get("content", {}).get("application/json", {})
            if "example" in content:
                schema = content["schema"] | components
                errors = list(Draft202012Validator(schema).iter_errors(content["example"]))
                assert not errors, (operation["operationId"], errors[0])


def test_the_codes_are_listed() -> None:
    """In the document, each once."""
    listed = document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    assert listed == [code.code for code in codes()]
    assert len(set(listed)) == len(listed)


def test_closed_sets_of_values_have_names_of_ours() -> None:
    """Not those of a hash, or of whichever field was met first; and no name is left over."""
    schemas = document()["components"]["schemas"]
    closed = {name for name, schema in schemas.items() if "enum" in schema}
    assert closed - {"BlankEnum"} == set(ENUM_NAMES)


def test_tools_fetch_it_once() -> None:
    """It has a validator; any page may read it."""
    answer = Client().get("/api/v1/openapi.json", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Access-Control-Allow-Origin"] == "*"
    again = Client().get("/api/v1/openapi.json", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
