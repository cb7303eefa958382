"""The door of each listener: what is refused before Django, a thread or a connection is spent."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from dashboard.error.views import refusal
from rag.originals import max_document_bytes
from telephony.calls import recording_store
from tenants import call_tokens
from warmline.kernel.errors import BadInput, NotFound, Unavailable, WarmlineError
from warmline.kernel.ids import CallId
from warmline.web.bodies import (
    BodyLimit,
    ClientGone,
    Receive,
    bounded,
    check_announced,
    read_body,
    replayed,
)
from warmline.web.places import Places

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Forms, webhooks and the API's requests: the largest of a carrier has 4 KiB.
BODY: Final = BodyLimit(size_bytes=64 * 1024, seconds=5)
# What the media plane asks: a tool's arguments may hold what a caller dictated.
INTERNAL_BODY: Final = BodyLimit(size_bytes=256 * 1024, seconds=5)
# An uploaded document with its form around it; on a slow line 50 MB take two minutes.
UPLOAD_BODY: Final = BodyLimit(size_bytes=max_document_bytes() + 64 * 1024, seconds=120)
RECORDING_BODY: Final = BodyLimit(size_bytes=recording_store.MAX_BYTES, seconds=30)
MAX_WEBSOCKETS: Final = 1000

_INTERNAL: Final = re.compile(r"/+(internal|metrics)(/.*)?", re.IGNORECASE | re.DOTALL)
_PROBES: Final = ("/healthz/live", "/healthz/ready")
_UPLOAD: Final = re.compile(
    r"/api/v1/knowledge/documents(/[0-9a-f-]{36}/content)?"
    r"|/knowledge/add(/[a-z-]+)?|/knowledge/documents/[0-9a-f-]{36}/replace"
)
_CREDENTIAL: Final = re.compile(rb"(^|;\s*)[\w-]*sessionid=")
_RECORDING: Final = re.compile(r"/internal/calls/([0-9a-f-]{36})/recording/\d+")
# No address, cookie or filter here has a use for them, and Postgres holds no NUL. In a cookie they
# hide as octal digits inside of quotes.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_HIDDEN_CONTROL: Final = re.compile(rb"\\[0-3][0-7][0-7]")


@dataclass(frozen=True, slots=True)
class Door:
    """Lets in what is sound, small and there in time, and answers the rest by itself."""

    http: App
    internal: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request."""
        try:
            receive = await self._checked(scope, receive)
            await self.http(scope, receive, send)
        except ClientGone:
            return
        except WarmlineError as error:
            await _refuse(scope, send, error)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        """The request's body, all of it already here; or the `WarmlineError` that refuses it."""
        path = scope["path"]
        if bool(_INTERNAL.fullmatch(path)) != self.internal and path not in _PROBES:
            raise NotFound("there is nothing at this address")
        _check_characters(scope)
        recording = _RECORDING.fullmatch(path) if self.internal else None
        if recording is not None:
            call_tokens.verify(_bearer(scope), CallId(recording[1]))
            check_announced(scope["headers"], limit=RECORDING_BODY)
            return bounded(receive, limit=RECORDING_BODY)
        if not self.internal and is_upload(scope):
            check_announced(scope["headers"], limit=UPLOAD_BODY)
            return bounded(receive, limit=UPLOAD_BODY)
        limit = INTERNAL_BODY if self.internal else BODY
        check_announced(scope["headers"], limit=limit)
        return replayed(await read_body(receive, limit=limit), receive)


def is_upload(scope: Scope) -> bool:
    """Whether a request may bring a document: where one is taken, from who names a credential."""
    if scope["method"] not in ("POST", "PUT") or not _UPLOAD.fullmatch(scope["path"]):
        return False
    headers = dict(scope["headers"])
    return b"authorization" in headers or bool(_CREDENTIAL.search(headers.get(b"cookie", b"")))


def with_places(app: App, places: Places) -> App:
    """The application, entered by so many at once; whoever is answered makes room for the next."""

    async def entered(scope: Scope, receive: Receive, send: Send) -> None:
        await places.take()
        inside = True

        def leave() -> None:
            nonlocal inside
            if inside:
                places.leave()
            inside = False

        async def leaving(message: dict[str, Any]) -> None:
            # From here on it is the reader's pace: its connection has a deadline of its own.
            leave()
            await send(message)

        try:
            await app(scope, receive, leaving)
        finally:
            leave()

    return entered


class WebSockets:
    """The live views' door: a socket to nowhere, or one too many, is closed before it is open."""

    def __init__(self, app: App, *, is_known: Callable[[str], bool]) -> None:
        self._app = app
        self._is_known = is_known
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket, until it is closed."""
        try:
            _check_characters(scope)
            _check_origin(scope)
            sound = self._is_known(scope["path"]) and self._open < MAX_WEBSOCKETS
        except BadInput:
            sound = False
        if not sound:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        self._open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1


def _check_characters(scope: Scope) -> None:
    query = scope["query_string"]
    if not query.isascii() or b"%00" in query or _CONTROL.search(scope["path"]):
        raise BadInput("address: expected no control characters, and others percent-encoded")
    for name, value in scope["headers"]:
        if name == b"cookie" and _HIDDEN_CONTROL.search(value):
            raise BadInput("cookie: expected no control characters")


def _check_origin(scope: Scope) -> None:
    origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
    try:
        _ = urlsplit(origin).port
    except ValueError:
        raise BadInput(f"origin {origin[:60]!r}: expected scheme, host and port") from None


def _bearer(scope: Scope) -> str:
    authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    return str(authorization.removeprefix("Bearer "))


async def _refuse(scope: Scope, send: Send, error: WarmlineError) -> None:
    """Answer in the form that whoever asks reads; a body half sent ends the connection."""
    response = refusal(scope["path"], status=error.http_status, sentence=str(error))
    if isinstance(error, Unavailable):
        response["Retry-After"] = str(error.wait_s)
    if error.http_status == 408:
        response["Connection"] = "close"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
    response["Content-Length"] = str(len(response.content))
    headers = [(name.encode(), value.encode("latin-1")) for name, value in response.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})
