"""The speech server's errors, and OpenAI's error objects of them."""

import traceback
from typing import Any

from warmline.kernel.errors import BadInput, Unavailable, WarmlineError


class BadRequest(BadInput):
    """The client's fault; `param` names the field, `code` is for programs."""

    def __init__(
        self, message: str, *, param: str | None = None, code: str = "invalid_value"
    ) -> None:
        super().__init__(message)
        self.param = param
        self.code = code


class SlotsFull(Unavailable):
    """Every decoder, or every place in the queue, is taken: try another replica, or later."""

    code = "slots_full"


class SpeechFailed(WarmlineError):
    """The recogniser or the synthesiser gave up on something that should have worked."""


def where_it_failed(error: BaseException) -> str:
    """An unforeseen error's kind and place for a log: its message may hold what a caller said."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {frame.filename}:{frame.lineno}"


def error_object(error: WarmlineError, *, event_id: str | None = None) -> dict[str, Any]:
    """OpenAI's error object: {type, code, message, param}, and event_id in a socket."""
    is_clients_fault = isinstance(error, BadRequest)
    fields: dict[str, Any] = {
        "type": "invalid_request_error" if is_clients_fault else "server_error",
        "code": getattr(error, "code", None),
        "message": str(error),
        "param": error.param if isinstance(error, BadRequest) else None,
    }
    if event_id is not None:
        fields["event_id"] = event_id
    return fields
