"""The API's documentation: every operation and code, with examples that are what they say."""

import ast
import json
from importlib import import_module
from typing import Any

import pytest
from django.test import Client

from dashboard.api_docs.reading import OperationPage, resources
from tenants.api.document.codes import codes

pytestmark = pytest.mark.django_db
DOCS = "/api/v1/docs"
OPERATIONS = [operation for resource in resources() for operation in resource.operations]


def page(path: str) -> Any:
    return Client().get(path)


def test_the_overview_leads_to_every_operation() -> None:
    """Anybody may read it; it has a quick start and no script of its own in it."""
    answer = page(DOCS)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Quick start" in shown
    for operation in OPERATIONS:
        assert f"#{operation.id}" in shown
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("tag", [resource.tag for resource in resources()])
def test_a_resources_page_shows_its_operations(tag: str) -> None:
    """Each with its address, its scope and its examples."""
    shown = page(f"{DOCS}/{tag}").content.decode()
    for resource in resources():
        if resource.tag == tag:
            for operation in resource.operations:
                assert f'id="{operation.id}"' in shown
                assert operation.permission in shown


def test_a_resource_that_is_none_is_not_there() -> None:
    """In the API's own form."""
    answer = page(f"{DOCS}/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_every_code_has_its_place_and_its_meaning() -> None:
    """A problem's `type` leads there."""
    shown = page(f"{DOCS}/problems").content.decode()
    for code in codes():
        assert f'id="{code.code}"' in shown
        assert code.meaning, code.code


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_the_examples_are_sound(operation: OperationPage) -> None:
    """The Python one names what the client has, the shell's one sends JSON."""
    tree = ast.parse(operation.python)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            module = import_module(node.module)
            for alias in node.names:
                found = hasattr(module, alias.name)
                assert found or import_module(f"{node.module}.{alias.name}"), operation.python
    if operation.body_example is not None:
        assert json.loads(operation.body_json) == operation.body_example
    assert operation.curl.startswith("curl ")
