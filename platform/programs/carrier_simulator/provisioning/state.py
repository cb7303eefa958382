"""What the carrier keeps from run to run: its sub-accounts and who has which number."""

from pathlib import Path

import msgspec

from programs.carrier_simulator.provisioning.api import ProvisioningApi
from programs.carrier_simulator.provisioning.resources import AccountKept, NumberKept
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.private_files import write_private


class StateUnreadable(ConfigurationError):
    """The file of accounts and numbers is none."""


class _Kept(msgspec.Struct, frozen=True):
    accounts: dict[str, AccountKept]
    numbers: dict[str, NumberKept]


def keep_in(path: Path, api: ProvisioningApi) -> None:
    """Take up what the file has, and write it after each change. `StateUnreadable` names it."""
    if path.exists():
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
        except (OSError, msgspec.MsgspecError) as error:
            raise StateUnreadable(
                f"{path} cannot be used: {error}; restore it, or remove it: numbers that companies "
                "took of this machine's own carrier are then nobody's"
            ) from error
        api.accounts |= kept.accounts
        api.numbers |= kept.numbers
    api.changed = lambda: write_private(path, msgspec.json.encode(_Kept(api.accounts, api.numbers)))
