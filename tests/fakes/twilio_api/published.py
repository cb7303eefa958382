"""What Twilio publishes of its API: what is wrong with a request, and with an answer."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from programs.carrier_simulator.provisioning.routing import ApiRequest

_DESCRIPTION: Final = json.loads(
    (Path(__file__).parent / "description.json").read_text(encoding="utf-8")
)
_COMPONENTS: Final = {"components": {"schemas": _DESCRIPTION["schemas"]}}
_WHOLE: Final = re.compile(r"-?[0-9]+")


def faults_in_request(request: ApiRequest, *, method: str, path: str) -> list[str]:
    """What is wrong with a request that is taken for an operation."""
    operation = _DESCRIPTION["operations"][request.operation]
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+?)", operation["path"])
    match = re.fullmatch(pattern, path)
    if match is None or operation["method"] != method or match.groupdict() != request.ids:
        return [f"{method} {path} is not {request.operation}"]
    return _faults(operation, request.ids, request.query, request.form)


def faults_in_answer(operation: str, status: int, body: Any) -> list[str]:
    """What is wrong with an answer of this server's own."""
    answers = _DESCRIPTION["operations"][operation]["answers"]
    if str(status) not in answers:
        return [f"{operation} never answers {status}"]
    schema = answers[str(status)]
    return [] if schema is None else _schema_faults(schema, body)


def _faults(
    operation: Mapping[str, Any],
    ids: Mapping[str, str],
    query: Mapping[str, str],
    form: Mapping[str, str],
) -> list[str]:
    faults: list[str] = []
    declared: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
    for parameter in operation["parameters"]:
        declared[parameter["in"]][parameter["name"]] = parameter["schema"]
        given = ids if parameter["in"] == "path" else query
        if parameter.get("required") and parameter["name"] not in given:
            faults.append(f"{parameter['name']} is required")
    fields = operation["form"] or {"properties": {}}
    for place, schemas, given in (
        ("path", declared["path"], ids),
        ("query", declared["query"], query),
        ("form", fields["properties"], form),
    ):
        for name, text in given.items():
            if name not in schemas:
                faults.append(f"{place}: no such parameter {name}")
            else:
                faults += [
                    f"{place} {name}: {fault}"
                    for fault in _schema_faults(schemas[name], _typed(text, schemas[name]))
                ]
    return faults + [
        f"form: {name} is required" for name in fields.get("required", ()) if name not in form
    ]


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    """The text of a form as the JSON value that its schema is about."""
    kinds = schema.get("type", "string")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "boolean" in kinds and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if "integer" in kinds and _WHOLE.fullmatch(text):
        return int(text)
    return text


def _schema_faults(schema: Mapping[str, Any], value: Any) -> list[str]:
    errors = Draft202012Validator({**schema, **_COMPONENTS}).iter_errors(value)
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]
