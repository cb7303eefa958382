"""Why a backup is not made, or not restored."""

from warmline.kernel.errors import BadInput, Unavailable


class BackupRefused(BadInput):
    """The message says what was expected; nothing was written."""


class BackupDamaged(BadInput):
    """What lies in the folder is not what the backup wrote there; nothing was restored."""


class StoreAway(Unavailable):
    """A store of files does not answer."""
