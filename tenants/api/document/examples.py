"""An example of what a schema describes: the same each time, and valid."""

import re
from collections.abc import Mapping
from typing import Any, Final

# What fields of these names hold, where their schema says no more.
_BY_NAME: Final[Mapping[str, Any]] = {
    "name": "Front desk",
    "prefix": "4f2a9c1e",
    "secret": "wl_4f2a9c1e_Zk3v…",
    "e164": "+15005550006",
    "number": "+15005550006",
    "email": "ada@example.com",
    "made_by": "Ada Lovelace",
    "url": "https://crm.example.com/hooks/warmline",
    "time_zone": "America/New_York",
    "language": "en",
    "title": "Opening hours",
    "text": "We are open from 8 to 18.",
    "greeting": "Rivertown Plumbing, how can I help?",
    "reason": "The new opening hours.",
    "query": "When do you open?",
    "next_cursor": None,
    "scopes": ["calls.read"],
    "lost_scopes": [],
    "origins": ["https://app.example.com"],
}
_BY_FORMAT: Final[Mapping[str, Any]] = {
    "uuid": "019a3c5e-7d10-7c43-9b1e-5f2a4c8d6e01",
    "date-time": "2026-03-02T09:30:00Z",
    "date": "2026-03-02",
    "time": "09:30:00",
    "uri": "https://app.example.com/",
    "email": "ada@example.com",
    "binary": "",
}
_DEEPEST: Final = 16


def example(schema: Mapping[str, Any], *, components: Mapping[str, Any], name: str = "") -> Any:
    """A value of this schema; `components` are the document's, for what it refers to."""
    return _value(schema, components, name, depth=0)


def _value(schema: Mapping[str, Any], components: Any, name: str, *, depth: int) -> Any:
    if depth > _DEEPEST:
        return None
    if "$ref" in schema:
        referred = schema["$ref"].rpartition("/")[2]
        return _value(components["schemas"][referred], components, name, depth=depth + 1)
    for key in ("example", "default", "const"):
        if schema.get(key) is not None:
            return schema[key]
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("allOf", "oneOf", "anyOf"):
        if schema.get(key):
            return _value(schema[key][0], components, name, depth=depth + 1)
    return _of_type(schema, components, name, depth=depth)


def _of_type(schema: Mapping[str, Any], components: Any, name: str, *, depth: int) -> Any:
    kinds = schema.get("type")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        return _object(schema, components, depth=depth)
    if name in _BY_NAME and _fits(_BY_NAME[name], schema):
        return _BY_NAME[name]
    if kind == "array":
        item = _value(schema.get("items", {}), components, name, depth=depth + 1)
        return [item]
    if kind == "string":
        text = _BY_FORMAT.get(schema.get("format", ""), name.replace("_", " ") or "text")
        return text[: schema.get("maxLength", 1000)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    return None if kind == "null" else {}


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    kinds = schema.get("type")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return False
    named = {str: "string", list: "array", type(None): "null"}[type(value)]
    return named == kinds or (isinstance(kinds, list) and named in kinds)


def _object(schema: Mapping[str, Any], components: Any, *, depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, field in schema.get("properties", {}).items():
        value[name] = _value(field, components, name, depth=depth + 1)
    return value
