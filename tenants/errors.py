"""What can go wrong around who someone is and whose rows they may see."""

from warmline.kernel.errors import BadInput, NotAllowed, Unavailable, WarmlineError


class NoTenant(WarmlineError):
    """Tenant rows were asked for and no tenant is bound: our own fault, never the client's."""


class TenantSwitch(WarmlineError):
    """A transaction or a context belongs to one tenant and was asked to become another's."""


class BadCredential(NotAllowed):
    """No credential, or one that is unknown, expired or forged."""

    http_status = 401


class MissingScope(NotAllowed):
    """The API key is good and was not made for this."""


class OriginNotAllowed(NotAllowed):
    """A page of this origin may not use this API key."""


class Busy(Unavailable):
    """More database work is waiting than the bound allows."""


class TooManyAtOnce(Unavailable):
    """More passwords are being checked than the process has room for."""

    http_status = 429


class NotErased(WarmlineError):
    """Something of a company is left where its erasure has been: it is tried again."""


class AddressTaken(BadInput):
    """An account has this e-mail address already."""


class TooManyTries(Unavailable):
    """Too many tries failed, or came at once: `wait_s` seconds from now one more may be made."""

    http_status = 429

    def __init__(self, message: str, *, wait_s: int) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class NoMail(Unavailable):
    """The installation cannot send mail."""


class SealBroken(WarmlineError):
    """A sealed secret does not open under any key that the operator gives."""
