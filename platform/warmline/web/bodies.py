"""A request's body, read whole and within bounds before anything is spent on it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from warmline.kernel.errors import WarmlineError

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]

LONGEST_DIGITS: Final = 18  # of a Content-Length that is worth reading as a number


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """How large a body may be, and how long it may take to come."""

    size_bytes: int
    seconds: float


class BodyTooLarge(WarmlineError):
    """More was sent, or announced, than the address takes."""

    http_status = 413


class BodyTooSlow(WarmlineError):
    """The body was not there in time."""

    http_status = 408


class ClientGone(WarmlineError):
    """Whoever asked has closed the connection: there is nobody to answer."""

    http_status = 400


def check_announced(headers: Iterable[tuple[bytes, bytes]], *, limit: BodyLimit) -> None:
    """`BodyTooLarge` for a Content-Length beyond the limit: nothing of it needs to be read."""
    for name, value in headers:
        if name == b"content-length" and (
            len(value) > LONGEST_DIGITS or int(value) > limit.size_bytes
        ):
            raise _too_large(limit)


async def read_body(receive: Receive, *, limit: BodyLimit) -> bytes:
    """The whole body; `BodyTooLarge`, `BodyTooSlow` or `ClientGone`."""
    body = bytearray()
    try:
        async with asyncio.timeout(limit.seconds):
            while True:
                message = await _next(receive)
                body += message.get("body", b"")
                if len(body) > limit.size_bytes:
                    raise _too_large(limit)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise _too_slow(limit) from None


def replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives this body at once, and then what the connection says."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


def bounded(receive: Receive, *, limit: BodyLimit) -> Receive:
    """A `receive` that raises as `read_body` does, for a body too large to be held."""
    due = asyncio.get_running_loop().time() + limit.seconds
    size_bytes, whole = 0, False

    async def within() -> Message:
        nonlocal size_bytes, whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(due):
                message = await _next(receive)
        except TimeoutError:
            raise _too_slow(limit) from None
        size_bytes += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if size_bytes > limit.size_bytes:
            raise _too_large(limit)
        return message

    return within


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone("the connection was closed before its request was whole")
    return message


def _too_large(limit: BodyLimit) -> BodyTooLarge:
    return BodyTooLarge(f"body: expected at most {_size(limit.size_bytes)}")


def _too_slow(limit: BodyLimit) -> BodyTooSlow:
    return BodyTooSlow(f"body: expected whole within {limit.seconds:g} s")


def _size(size_bytes: int) -> str:
    if size_bytes >= 1024 * 1024:
        return f"{size_bytes // (1024 * 1024)} MiB"
    return f"{size_bytes // 1024} KiB"
