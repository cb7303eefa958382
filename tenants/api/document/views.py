"""The document, as tools read it."""

import hashlib
import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of every operation; the same for everybody."""
    generator: Any = SchemaGenerator
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    schema["servers"] = [{"url": settings.PUBLIC_URL}]
    return schema


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """It as JSON, for whoever asks; with a validator, since tools ask often."""
    body, etag = _rendered()
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in tags or etag in [tag.removeprefix("W/") for tag in tags]:
        return HttpResponse(status=304, headers={"ETag": etag})
    response = HttpResponse(body, content_type="application/json", headers={"ETag": etag})
    response["Access-Control-Allow-Origin"] = "*"  # it holds nobody's anything
    return response


@cache
def _rendered() -> tuple[bytes, str]:
    body = json.dumps(document(), separators=(",", ":")).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'
