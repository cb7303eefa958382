"""The id of a request of the API: the client's own where it sent a sound one, else a new one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import structlog

from warmline.kernel.ids import new_uuid

HEADER: Final = "X-Request-Id"
# Goes into logs, headers and problems as it stands.
_SOUND: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_request_id: ContextVar[str | None] = ContextVar("warmline_request_id", default=None)


def current_request_id() -> str:
    """The id of the request that is being answered; a new one where none was bound."""
    return _request_id.get() or str(new_uuid())


@contextmanager
def identified(sent: str) -> Iterator[str]:
    """Bind what the client sent, if it is sound, or a new id: for logs and problems inside."""
    request_id = sent if _SOUND.fullmatch(sent) else str(new_uuid())
    token = _request_id.set(request_id)
    try:
        with structlog.contextvars.bound_contextvars(request=request_id):
            yield request_id
    finally:
        _request_id.reset(token)
