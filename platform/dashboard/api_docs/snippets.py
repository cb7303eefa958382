"""An operation's call as people paste it: for a shell, and with the Python client."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

ORIGIN: Final = "$WARMLINE_URL"
_ID: Final = "019a3c5e-7d10-7c43-9b1e-5f2a4c8d6e01"


def curl(method: str, path: str, *, body: Any) -> str:
    """The call at a shell; address and key are its variables."""
    lines = [f'curl "{ORIGIN}{re.sub(r"{[^}]*}", _ID, path)}"']
    if method != "get":
        lines[0] += f" -X {method.upper()}"
    lines.append('-H "Authorization: Bearer $WARMLINE_KEY"')
    if method == "post":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if body is not None:
        quoted = json.dumps(body, indent=2, ensure_ascii=False).replace("'", "'\\''")
        lines += ['-H "Content-Type: application/json"', f"-d '{quoted}'"]
    return " \\\n  ".join(lines)


def python(declared: Mapping[str, Any], path: str, body_schema: Mapping[str, Any]) -> str:
    """The call with the client that is generated from the document."""
    module, tag = declared["operationId"], declared["tags"][0].replace("-", "_")
    arguments = [f'"{_ID}"' for _ in re.findall(r"{[^}]*}", path)]
    imports = [
        "import os",
        "",
        "from warmline_client import AuthenticatedClient",
        f"from warmline_client.api.{tag} import {module}",
    ]
    lines = []
    if "$ref" in body_schema:
        name = body_schema["$ref"].rpartition("/")[2]
        imports.append(f"from warmline_client.models import {name}")
        example = declared["requestBody"]["content"]["application/json"].get("example")
        lines.append(f"body = {name}.from_dict({_literal(example)})")
        arguments.append("body=body")
    arguments.insert(len(re.findall(r"{[^}]*}", path)), "client=client")
    lines += [f"answer = {module}.sync({', '.join(arguments)})", "print(answer)"]
    client = [
        "client = AuthenticatedClient(",
        '    base_url=os.environ["WARMLINE_URL"], token=os.environ["WARMLINE_KEY"]',
        ")",
    ]
    return "\n".join([*imports, "", *client, *lines])


def _literal(example: Any) -> str:
    """A value as Python writes it, over several lines where it is long."""
    if not isinstance(example, dict) or not example:
        return repr(example)
    fields = [f"    {name!r}: {value!r}," for name, value in example.items()]
    return "\n".join(["{", *fields, "}"])
