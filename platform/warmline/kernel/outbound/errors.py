"""What can go wrong on the way to an address that somebody gave."""

from warmline.kernel.errors import BadInput, Unavailable


class BadAddress(BadInput):
    """The address is none that may be asked: its form, its port, or what it leads to."""


class PrivateAddress(BadAddress):
    """The address leads to a machine that is not on the public internet."""


class Unreachable(Unavailable):
    """Nobody answered there in time, or not in HTTP."""
