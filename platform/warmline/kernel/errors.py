"""One tree of errors: each says whose fault it was and what was expected."""

import re
from typing import ClassVar

_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class WarmlineError(Exception):
    """The root: `http_status` is what an API answers, `spoken` what a caller would hear.

    `code` is what programs know it by: the class's name as `bad_input`, unless it says another.
    """

    http_status: ClassVar[int] = 500
    code: str = "internal_error"
    retryable: ClassVar[bool] = False
    spoken: ClassVar[str] = "Sorry, something went wrong on our side."

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = _WORD_BEGINS.sub("_", cls.__name__).lower()


class ConfigurationError(WarmlineError):
    """The operator's settings are missing or contradict themselves."""


class BadInput(WarmlineError):
    """The sender's fault: the message names what was expected.

    `field` is the one that it stands beside in a form or a body: "name", "facts.0.label".
    """

    http_status = 400

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(WarmlineError):
    """The credential is good but does not reach this."""

    http_status = 403


class NotFound(WarmlineError):
    """There is no such thing for this tenant; another tenant's things are not there either."""

    http_status = 404


class Conflict(WarmlineError):
    """What is there already does not go with it: it exists, it is in use, it has moved on."""

    http_status = 409


class PreconditionFailed(WarmlineError):
    """It was changed since the sender read it: read it again, then decide."""

    http_status = 412


class Unavailable(WarmlineError):
    """Something this needs is away or full; trying again in `wait_s` seconds may work."""

    http_status = 503
    retryable = True
    spoken = "Sorry, we cannot take your call right now."
    wait_s: int = 1
