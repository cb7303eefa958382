"""Whose accounts the carrier has, which numbers are theirs, and which may be bought."""

import secrets
from dataclasses import dataclass, field

from programs.carrier_simulator.provisioning.resources import AccountKept, NumberKept


@dataclass
class CarrierAccounts:
    """The accounts and numbers there are, those that may be bought, by country and kind, the places
    of numbers by how they begin, and what each kind costs a month.
    """

    accounts: dict[str, AccountKept] = field(default_factory=dict)
    numbers: dict[str, NumberKept] = field(default_factory=dict)
    offered: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    needs_address: set[str] = field(default_factory=set)
    places: dict[str, str] = field(default_factory=dict)
    prices: dict[str, float] = field(default_factory=dict)

    def add_account(
        self,
        sid: str,
        *,
        token: str,
        name: str = "An account",
        regions: tuple[str, ...] = ("us1",),
        owner: str = "",
        keys: dict[str, str] | None = None,
        kind: str = "Full",
    ) -> AccountKept:
        """An account whose token opens it in these regions."""
        account = AccountKept(
            sid=sid,
            name=name,
            owner=owner or sid,
            kind=kind,
            tokens=self.tokens(token, regions=regions),
            keys=keys or {},
        )
        self.accounts[sid] = account
        return account

    def tokens(self, token: str, *, regions: tuple[str, ...]) -> dict[str, str]:
        """An account's token in each region."""
        return dict.fromkeys(regions, token)

    def add_number(self, e164: str, *, account: str, name: str = "Mine") -> NumberKept:
        """A number that an account has."""
        number = NumberKept(sid=self.new_sid("PN"), e164=e164, account=account, name=name)
        self.numbers[number.sid] = number
        return number

    def number(self, e164: str) -> NumberKept | None:
        """Whoever has it."""
        return next((kept for kept in self.numbers.values() if kept.e164 == e164), None)

    def new_sid(self, prefix: str) -> str:
        """One that nothing has."""
        return prefix + secrets.token_hex(16)

    def new_token(self) -> str:
        """A sub-account's token."""
        return secrets.token_hex(16)
