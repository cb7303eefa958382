"""What every answer of the API has, refusals of paths and methods among them: request ids, CORS,
gzip.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from tenants.api import request_ids
from tenants.errors import OriginNotAllowed
from tenants.keys.types import LiveKey

PREFIX: Final = "/api/"
# Where a view leaves the origin that its key allows.
ALLOWED_ORIGIN: Final = "allowed_origin"
METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_REQUEST_HEADERS: Final = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id"
)
_EXPOSED: Final = (
    "ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, "
    "X-Request-Id"
)
_PREFLIGHT_S: Final = 600
Answer = Callable[[HttpRequest], HttpResponseBase]


def answers_programs(get_response: Answer) -> Answer:
    """Middleware: the API's answers carry its request's id, their origin's leave, and less bytes.

    A preflight has no key, so it is granted to any origin; the request itself is held to its
    key's, before anything is done (`tenants.api.views`).
    """
    gzip = GZipMiddleware(get_response)

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return get_response(request)
        with request_ids.identified(request.headers.get(request_ids.HEADER, "")) as request_id:
            is_preflight = (
                request.method == "OPTIONS"
                and "Origin" in request.headers
                and "Access-Control-Request-Method" in request.headers
            )
            response = _preflight(request) if is_preflight else get_response(request)
            response[request_ids.HEADER] = request_id
            _allow_origin(request, response)
            # A secret is compressed with nothing that somebody else could have a say in.
            if "no-transform" in response.get("Cache-Control", ""):
                return response
            return gzip.process_response(request, response)

    return answer


def check_origin(request: HttpRequest, key: LiveKey) -> None:
    """`OriginNotAllowed` for a page of an origin that the key was not made for.

    Our own pages may, with any key: the documentation runs its examples.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return
    if origin not in (settings.PUBLIC_URL, *key.origins):
        raise OriginNotAllowed(
            f"origin {origin[:100]}: this key is for no page of it; a key with that origin is"
        )
    setattr(request, ALLOWED_ORIGIN, origin)


def _preflight(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Origin"] = request.headers["Origin"]
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = _REQUEST_HEADERS
    response["Access-Control-Max-Age"] = str(_PREFLIGHT_S)
    patch_vary_headers(response, ["Origin", "Access-Control-Request-Method"])
    return response


def _allow_origin(request: HttpRequest, response: HttpResponseBase) -> None:
    patch_vary_headers(response, ["Origin"])
    origin = getattr(request, ALLOWED_ORIGIN, None)
    if origin is not None:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = _EXPOSED
