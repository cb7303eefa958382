"""One tree of errors: each says whose fault it was and what was expected."""

from typing import ClassVar


class WarmlineError(Exception):
    """The root: `http_status` is what an API answers, `spoken` what a caller would hear."""

    http_status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    spoken: ClassVar[str] = "Sorry, something went wrong on our side."


class ConfigurationError(WarmlineError):
    """The operator's settings are missing or contradict themselves."""


class BadInput(WarmlineError):
    """The sender's fault: the message names what was expected."""

    http_status = 400


class NotAllowed(WarmlineError):
    """The credential is good but does not reach this."""

    http_status = 403


class NotFound(WarmlineError):
    """There is no such thing for this tenant; another tenant's things are not there either."""

    http_status = 404


class Unavailable(WarmlineError):
    """Something this needs is away or full; trying again later may work."""

    http_status = 503
    retryable = True
    spoken = "Sorry, we cannot take your call right now."
