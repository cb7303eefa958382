"""Cuts Twilio's published OpenAPI descriptions down to the operations that Warmline asks for, into
the JSON beside this file.

    python tests/fakes/twilio_api/cut.py FOLDER COMMIT

FOLDER is `spec/json` of a checkout of Twilio's repository twilio-oai at that commit. What is kept
of an operation: its path, parameters, the fields of its form and the shape of its answer; what
answers refer to comes with them. `nullable` becomes JSON Schema's own; descriptions and examples
are left out.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
OPERATIONS: Final = {
    "twilio_api_v2010.json": (
        "FetchAccount",
        "ListAccount",
        "CreateAccount",
        "UpdateAccount",
        "ListAvailablePhoneNumberLocal",
        "ListAvailablePhoneNumberMobile",
        "ListAvailablePhoneNumberTollFree",
        "ListIncomingPhoneNumber",
        "CreateIncomingPhoneNumber",
        "FetchIncomingPhoneNumber",
        "UpdateIncomingPhoneNumber",
        "DeleteIncomingPhoneNumber",
        "CreateCall",
        "FetchCall",
        "UpdateCall",
        "ListOutgoingCallerId",
    ),
    "twilio_pricing_v1.json": ("FetchPhoneNumberCountry",),
    "twilio_routes_v2.json": ("FetchPhoneNumber", "UpdatePhoneNumber"),
}
HOSTS: Final = {
    "twilio_api_v2010.json": "api",
    "twilio_pricing_v1.json": "pricing",
    "twilio_routes_v2.json": "routes",
}
_LEFT_OUT: Final = {"description", "example", "examples", "summary", "title", "x-twilio"}


def operations(document: Mapping[str, Any], *, wanted: tuple[str, ...], host: str) -> Iterator[Any]:
    """Each wanted operation by its host and id."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if not isinstance(operation, dict) or operation.get("operationId") not in wanted:
                continue
            forms = operation.get("requestBody", {}).get("content", {})
            form = forms.get("application/x-www-form-urlencoded", {}).get("schema")
            yield (
                f"{host}.{operation['operationId']}",
                {
                    "host": host,
                    "method": method.upper(),
                    "path": path,
                    "parameters": [_bare(one) for one in operation.get("parameters", [])],
                    "form": _bare(form) if form else None,
                    "answers": {
                        status: _bare(content["schema"])
                        for status, answer in operation["responses"].items()
                        for content in answer.get("content", {}).values()
                    }
                    | {
                        status: None
                        for status, answer in operation["responses"].items()
                        if not answer.get("content")
                    },
                },
            )


def _bare(node: Any, *, names: bool = False) -> Any:
    """Without what only people read; under `properties` the keys are names."""
    if isinstance(node, list):
        return [_bare(one) for one in node]
    if not isinstance(node, dict):
        return node
    bare = {
        key: _bare(value, names=not names and key == "properties")
        for key, value in node.items()
        if names or key not in _LEFT_OUT
    }
    if not names and bare.pop("nullable", False):
        kind = bare.pop("type", None)
        if kind is not None:
            bare["type"] = [kind, "null"]
        if "enum" in bare:
            bare["enum"] = [*bare["enum"], None]
        if "$ref" in bare:
            bare = {"anyOf": [bare, {"type": "null"}]}
    return bare


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rsplit("/", 1)[1]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for one in node:
            yield from _references(one)


def main() -> None:
    """Write description.json."""
    folder, commit = Path(sys.argv[1]), sys.argv[2]
    kept: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for name, wanted in OPERATIONS.items():
        document = json.loads((folder / name).read_text(encoding="utf-8"))
        found = dict(operations(document, wanted=wanted, host=HOSTS[name]))
        assert len(found) == len(wanted), (name, set(wanted) - set(found))
        kept |= found
        queue = list(_references(found))
        while queue:
            schema = queue.pop()
            if schema not in schemas:
                schemas[schema] = _bare(document["components"]["schemas"][schema])
                queue.extend(_references(schemas[schema]))
    head = {
        "source": "twilio-oai, Twilio's OpenAPI descriptions",
        "commit": commit,
        "licence": "MIT, Copyright (C) 2023, Twilio, Inc.; the descriptions name Apache-2.0",
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    for key, entries in (("operations", kept), ("schemas", dict(sorted(schemas.items())))):
        rows = ",\n".join(
            f"{json.dumps(name)}: {json.dumps(entry, sort_keys=True)}"
            for name, entry in entries.items()
        )
        lines.append(f"{json.dumps(key)}: {{\n{rows}\n}}")
    (HERE / "description.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
