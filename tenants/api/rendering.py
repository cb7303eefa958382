"""An answer of the API as JSON, written by msgspec: of a page of calls in a tenth of the time."""

from collections.abc import Mapping
from typing import Any

import msgspec
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class PlainJSONRenderer(JSONRenderer):
    """JSON without a space, as JSONRenderer writes it; with spaces for `Accept: …; indent=4`."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The content, and nothing for None."""
        if data is None:
            return b""
        written = msgspec.json.encode(data, enc_hook=_plain)
        indent: int | None = self.get_indent(accepted_media_type or "", renderer_context or {})
        return written if indent is None else msgspec.json.format(written, indent=indent)


def _plain(value: Any) -> Any:
    """A kind of text as the text, as DRF's messages and Django's translations are; else as DRF
    writes it.
    """
    return str(value) if isinstance(value, str) else JSONEncoder().default(value)
