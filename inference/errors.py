"""What can go wrong where answers come from."""

from warmline.kernel.errors import BadInput, ConfigurationError, Unavailable, WarmlineError


class NoWarmRegion(Unavailable):
    """No region that the tenant's residency allows has a warm replica for the role."""


class SnapshotMissing(Unavailable):
    """A region's Redis holds no snapshot of the pools yet."""


class WrongTransition(WarmlineError):
    """The replica's state machine has no such step: the caller's mistake."""


class ProvisionerFailed(WarmlineError):
    """The provisioner could not start or stop a replica; the message says what it answered."""

    http_status = 503
    retryable = True


class PrimingFailed(WarmlineError):
    """A replica answers, but not rightly or not in time: it is not warm."""

    http_status = 503
    retryable = True


class PolicyError(ConfigurationError):
    """A warming policy contradicts itself or names what does not exist."""


class ArrivalsError(BadInput):
    """A call log that the simulator cannot read; says the line and what was expected."""
