"""What can go wrong between the carrier and a call."""

from typing import ClassVar

from warmline.kernel.errors import BadInput, NotAllowed, NotFound, Unavailable


class BadSignature(NotAllowed):
    """The request does not carry the carrier's signature over exactly this address and body."""


class BadWebhook(NotAllowed):
    """Signed, but not a webhook of this account: a field is missing, doubled or malformed."""


class NoAgentFree(Unavailable):
    """No region can take the call now; the message names what is full or away."""

    spoken: ClassVar[str] = (
        "Sorry, all our lines are busy. Please hold while we find someone for you."
    )


class RegionAway(Unavailable):
    """A region's Redis does not answer, or none is configured for it; the message says which."""


class BadRecording(BadInput):
    """The body is not a stereo 8 kHz 16-bit WAV file of at most the allowed size."""


class RecordingsAway(Unavailable):
    """The store of recordings does not answer, refuses, or is full."""


class MisplacedRecording(NotFound):
    """A recording's name is not one below its own tenant's folder."""


class RecordingKept(BadInput):
    """This part of the call has a recording already, and it is another one."""

    http_status = 409


class NoSpareModel(Unavailable):
    """No model has room for work that is no call; it waits."""


class BadSummary(BadInput):
    """What a model said of a call is not in the form that was asked for."""


class TalkTooLong(BadSummary):
    """A model has no room for so much of a call at once, or refuses what it is asked."""


class CallGoesOn(BadInput):
    """What is asked for needs a call that is over."""

    http_status = 409


class CallIsOver(NotAllowed):
    """The call has ended, and with it what its token opened."""


class CarrierRefused(BadInput):
    """The carrier says no; the message has its own reason and code."""

    def __init__(self, message: str, *, vendor_code: int = 0) -> None:
        super().__init__(message)
        self.vendor_code = vendor_code


class CarrierAway(Unavailable):
    """The carrier's API does not answer, or not now; whether it was done is not known."""


class NumberTaken(BadInput):
    """The number is in use here, by whomever."""

    http_status = 409


class NumberNotProven(NotAllowed):
    """Nothing shows that the number is this company's."""


class NoCarrierAccount(BadInput):
    """There is no carrier account that could do this; the message says how to get one."""
