"""How a body is read: JSON in UTF-8, and nothing in it that two readers would take differently."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

from warmline.kernel.errors import BadInput
from warmline.kernel.json_bodies import decoded_body


class StrictJSONParser(BaseParser):
    """`application/json`; 400 for what is malformed, nested too deeply, or names a field twice."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body; `UnsupportedMediaType` for a charset that is not UTF-8."""
        request = (parser_context or {}).get("request")
        charset = "" if request is None else str(request.content_params.get("charset", ""))
        if charset.strip('"').lower() not in ("", "utf-8", "utf8"):
            raise UnsupportedMediaType(f"{media_type}", detail="charset: expected utf-8")
        try:
            return decoded_body(stream.read(), msgspec.json.decode)
        except BadInput as error:
            raise ParseError(str(error)) from error
