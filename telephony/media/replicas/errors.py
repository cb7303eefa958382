"""What can go wrong with a replica's answer."""

from warmline.kernel.errors import Unavailable


class BadStream(Unavailable):
    """A replica's stream is not what the format says."""


class EndpointError(BadStream):
    """An endpoint says that it failed; the message is in its own words."""


class EveryRungFailed(Unavailable):
    """No replica of a role answered this call."""

    spoken = "Sorry, we are having trouble with our line."
