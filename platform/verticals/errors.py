"""What a vertical refuses."""

from warmline.kernel.errors import Unavailable, WarmlineError


class SlotTaken(WarmlineError):
    """The time is not to be had: taken, past, or outside opening hours."""

    http_status = 409
    spoken = "Sorry, that time is taken."


class NoReferenceLeft(Unavailable):
    """Every reference that was drawn is in use; another try draws others."""
