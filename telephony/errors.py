"""What can go wrong between the carrier and a call."""

from typing import ClassVar

from warmline.kernel.errors import BadInput, NotAllowed, Unavailable


class BadSignature(NotAllowed):
    """The request does not carry the carrier's signature over exactly this address and body."""


class BadWebhook(NotAllowed):
    """Signed, but not a webhook of this account: a field is missing, doubled or malformed."""


class NoAgentFree(Unavailable):
    """No region can take the call now; the message names what is full or away."""

    spoken: ClassVar[str] = (
        "Sorry, all our lines are busy. Please hold while we find someone for you."
    )


class BadCursor(BadInput):
    """The page cursor is not one that this API gave out."""


class BadRecording(BadInput):
    """The body is not a stereo 8 kHz 16-bit WAV file of at most the allowed size."""
