"""What a carrier with numbers to give can be asked for: each such carrier's `provisioning.py`
answers in these words.

Every function asks the carrier over HTTP, so none is called inside a transaction. `CarrierRefused`
carries the carrier's own reason; `CarrierAway` leaves open whether it was done.
"""

from dataclasses import dataclass, field
from typing import Literal, Protocol

NumberKind = Literal["local", "mobile", "toll_free"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """How an account is spoken for in one of its carrier's regions.

    Webhooks are signed with one of `auth_tokens`, of which the first is today's; requests go out
    with the API key where there is one.
    """

    account_id: str
    region: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    key_id: str = ""
    key_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What a carrier says of an account; `auth_token` is empty where it keeps that to itself."""

    account_id: str
    name: str
    is_active: bool
    is_trial: bool
    auth_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NumberSearch:
    """Which numbers are looked for: `country` is its ISO code, `contains` digits or letters."""

    country: str
    kind: NumberKind = "local"
    contains: str = ""
    area_code: str = ""
    limit: int = 20


@dataclass(frozen=True, slots=True)
class AvailableNumber:
    """A number that may be bought now, and what it costs a month in hundredths of the currency.

    `monthly_price` is None where the carrier names none; `needs_address` says that it is given out
    only with an address that the carrier knows.
    """

    e164: str
    kind: NumberKind
    country: str
    place: str
    needs_address: bool
    monthly_price: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Where the carrier asks what to do with a call, and where it reports on it."""

    voice_url: str
    status_url: str


@dataclass(frozen=True, slots=True)
class HeldNumber:
    """A number that an account has.

    `reference` is what its buyer had it called; `overridden_by` names what else at the carrier
    takes its calls, so that its webhooks are not asked.
    """

    number_id: str
    e164: str
    reference: str
    takes_voice: bool
    webhooks: Webhooks
    overridden_by: str = ""


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call at the carrier, placed there or answered here, in its own word for how far it is."""

    call_id: str
    status: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A POST of a form as a carrier signs it."""

    url: str
    form: dict[str, str]
    headers: dict[str, str]


class Provisioning(Protocol):
    """A carrier that gives out numbers."""

    regions: tuple[str, ...]

    def is_simulated(self) -> bool:
        """Whether it is this machine's own, whose numbers no telephone reaches."""

    def webhooks(self) -> Webhooks:
        """This installation's own addresses."""

    def is_account_id(self, text: str) -> bool:
        """Whether a text is written as the carrier's account ids are."""

    def platform_account(self) -> Credentials | None:
        """The platform's own account, or None where none is set."""

    def account_facts(self, credentials: Credentials) -> AccountFacts:
        """The account itself, if the credentials open it."""

    def open_subaccount(self, credentials: Credentials, *, reference: str) -> AccountFacts:
        """A new account below this one, or the living one that has the reference already."""

    def close_subaccount(self, credentials: Credentials, *, account_id: str) -> None:
        """Close an account below this one for good; one that is closed stays so."""

    def search(self, credentials: Credentials, wanted: NumberSearch) -> tuple[AvailableNumber, ...]:
        """Numbers that take calls and may be bought."""

    def held_number(self, credentials: Credentials, *, e164: str) -> HeldNumber | None:
        """The account's number, or None."""

    def buy(
        self,
        credentials: Credentials,
        *,
        e164: str,
        reference: str,
        address_id: str = "",
        bundle_id: str = "",
    ) -> HeldNumber:
        """Buy a number, with this installation's webhooks set."""

    def set_webhooks(self, credentials: Credentials, *, number_id: str) -> HeldNumber:
        """Have the number's calls asked of this installation."""

    def clear_webhooks(self, credentials: Credentials, *, number_id: str) -> None:
        """Have the number's calls no longer asked of this installation, if they are."""

    def release(self, credentials: Credentials, *, number_id: str) -> None:
        """Give the number back; one that is gone already stays so."""

    def processing_region(self, credentials: Credentials, *, e164: str) -> str:
        """The region that the number's calls are processed in."""

    def set_processing_region(self, credentials: Credentials, *, e164: str, region: str) -> None:
        """Have the number's calls processed in a region."""

    def callers(self, credentials: Credentials) -> tuple[str, ...]:
        """Numbers that the account may call from: those it has, those verified as its people's."""

    def place_call(self, credentials: Credentials, *, e164: str, caller: str) -> PlacedCall:
        """Call a number for some seconds of silence, from one of `callers`."""

    def placed_call(self, credentials: Credentials, *, call_id: str) -> PlacedCall:
        """How far a call of the account's is."""

    def hang_up(self, credentials: Credentials, *, call_id: str) -> None:
        """End a call that was placed; one that is over stays so."""

    def signed_probe(self, credentials: Credentials, *, e164: str) -> SignedRequest:
        """A webhook about the number that changes nothing, as the carrier would send it."""
