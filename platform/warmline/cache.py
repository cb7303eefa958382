"""How the cache's values lie in Redis: as JSON, so that to read one runs nobody's code."""

from typing import Any

import msgspec


class JsonSerializer:
    """Django's cache serializer. Whole numbers are JSON too, which Redis can count up."""

    def dumps(self, value: Any) -> bytes | int:
        """The value as it lies in Redis; `TypeError` for what JSON cannot say."""
        return value if type(value) is int else msgspec.json.encode(value)

    def loads(self, raw: bytes) -> Any:
        """The value again; `msgspec.DecodeError` for what this cache has not written."""
        return msgspec.json.decode(raw)
