"""What can go wrong in the speech server, in the words that OpenAI's error objects carry."""

from typing import Any, ClassVar

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
    """Every decoder or every place in the queue is taken;
    another replica or a later moment may do.
    """

    code: ClassVar[str] = "slots_full"


class SpeechFailed(WarmlineError):
    """The recogniser or the synthesiser gave up on something that should have worked."""


def error_object(error: WarmlineError, *, event_id: str | None = None) -> dict[str, Any]:
    """OpenAI's error object: {type, code, message, param}, and event_id in a socket."""
    mine = isinstance(error, BadRequest)
    described: dict[str, Any] = {
        "type": "invalid_request_error" if mine else "server_error",
        "code": getattr(error, "code", None),
        "message": str(error),
        "param": error.param if isinstance(error, BadRequest) else None,
    }
    if event_id is not None:
        described["event_id"] = event_id
    return described
