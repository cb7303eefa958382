"""Accounts and numbers at Twilio: searched, bought, pointed here, released.

Source: https://www.twilio.com/docs/phone-numbers/api and https://www.twilio.com/docs/iam/api
"""

import re
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from twilio.request_validator import RequestValidator

from telephony.carriers.provisioning import (
    AccountFacts,
    AvailableNumber,
    Credentials,
    HeldNumber,
    NumberKind,
    NumberSearch,
    PlacedCall,
    SignedRequest,
    Webhooks,
)
from telephony.carriers.twilio.account import account
from telephony.carriers.twilio.rest import EDGES, asking, or_nothing
from telephony.carriers.twilio.settings import API_GATEWAY, REGION
from telephony.errors import CarrierRefused
from warmline.kernel.configuration.checks import is_loopback

_ACCOUNT_SID: Final = re.compile(r"AC[0-9a-f]{32}")
_KINDS: Final[dict[NumberKind, tuple[str, str]]] = {
    # our word: the client's list, and the word of Twilio's price list
    "local": ("local", "local"),
    "mobile": ("mobile", "mobile"),
    "toll_free": ("toll_free", "toll free"),
}
_CLOSED: Final = "closed"
# https://www.twilio.com/docs/voice/api/call-resource#call-status-values
_OVER: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_SILENCE: Final = '<Response><Pause length="20"/><Hangup/></Response>'


class TwilioProvisioning:
    """Twilio, as `telephony.carriers.provisioning.Provisioning` says."""

    regions = tuple(EDGES)

    def is_simulated(self) -> bool:
        """Where neither Twilio is asked nor could it ask us."""
        gateway = API_GATEWAY.value()
        return bool(gateway) and is_loopback(gateway) and is_loopback(settings.PUBLIC_URL)

    def webhooks(self) -> Webhooks:
        """The voice webhook and the status callback."""
        public = str(settings.PUBLIC_URL).rstrip("/")
        return Webhooks(f"{public}/twilio/voice", f"{public}/twilio/status")

    def is_account_id(self, text: str) -> bool:
        """AC and 32 small hexadecimal digits."""
        return bool(_ACCOUNT_SID.fullmatch(text))

    def platform_account(self) -> Credentials | None:
        """By TWILIO_ACCOUNT_SID and the first of TWILIO_AUTH_TOKENS."""
        ours = account()
        if not ours.sid or not ours.auth_tokens:
            return None
        return Credentials(ours.sid, REGION.value(), ours.auth_tokens)

    def account_facts(self, credentials: Credentials) -> AccountFacts:
        """The account's own resource."""
        with asking("account", credentials) as twilio:
            found = twilio.api.v2010.accounts(credentials.account_id).fetch()
            return _facts(found)

    def open_subaccount(self, credentials: Credentials, *, reference: str) -> AccountFacts:
        """By its friendly name, which is the reference: looked for first, so that none is made
        twice.
        """
        with asking("sub-account", credentials) as twilio:
            accounts = twilio.api.v2010.accounts
            for earlier in accounts.list(friendly_name=reference, limit=20):
                if earlier.friendly_name == reference and earlier.status != _CLOSED:
                    return _facts(earlier)
            return _facts(accounts.create(friendly_name=reference))

    def close_subaccount(self, credentials: Credentials, *, account_id: str) -> None:
        """Its numbers go with it."""
        with asking("sub-account", credentials) as twilio:
            resource = twilio.api.v2010.accounts(account_id)
            found = or_nothing(resource.fetch)
            if found is not None and found.status != _CLOSED:
                resource.update(status=_CLOSED)

    def search(self, credentials: Credentials, wanted: NumberSearch) -> tuple[AvailableNumber, ...]:
        """What Twilio offers, with the price of its list."""
        numbers, priced = _KINDS[wanted.kind]
        with asking("search", credentials) as twilio:
            offered = getattr(twilio.available_phone_numbers(wanted.country), numbers).list(
                contains=wanted.contains or None,
                area_code=int(wanted.area_code) if wanted.area_code else None,
                voice_enabled=True,
                limit=wanted.limit,
                page_size=wanted.limit,
            )
            price, currency = self._price(twilio, wanted.country, priced) if offered else (None, "")
        return tuple(
            AvailableNumber(
                e164=number.phone_number,
                kind=wanted.kind,
                country=wanted.country,
                place=", ".join(filter(None, (number.locality, number.region))),
                needs_address=number.address_requirements not in (None, "none"),
                monthly_price=price,
                currency=currency,
            )
            for number in offered
        )

    def held_number(self, credentials: Credentials, *, e164: str) -> HeldNumber | None:
        """By Twilio's list of the account's numbers, whose filter also matches parts."""
        with asking(e164, credentials) as twilio:
            for number in twilio.incoming_phone_numbers.list(phone_number=e164, limit=20):
                if number.phone_number == e164:
                    return _held(number)
        return None

    def buy(
        self,
        credentials: Credentials,
        *,
        e164: str,
        reference: str,
        address_id: str = "",
        bundle_id: str = "",
    ) -> HeldNumber:
        """With the reference as its friendly name, by which it is known again."""
        with asking(e164, credentials) as twilio:
            bought = twilio.incoming_phone_numbers.create(
                phone_number=e164,
                friendly_name=reference,
                address_sid=address_id or None,
                bundle_sid=bundle_id or None,
                **self._pointed_here(),
            )
            return _held(bought)

    def set_webhooks(self, credentials: Credentials, *, number_id: str) -> HeldNumber:
        """The number's voice webhook, its fallback and its status callback."""
        with asking("webhooks", credentials) as twilio:
            resource = twilio.incoming_phone_numbers(number_id)
            return _held(resource.update(**self._pointed_here()))

    def clear_webhooks(self, credentials: Credentials, *, number_id: str) -> None:
        """Only where they still lead here."""
        with asking("webhooks", credentials) as twilio:
            resource = twilio.incoming_phone_numbers(number_id)
            found = or_nothing(resource.fetch)
            if found is not None and found.voice_url == self.webhooks().voice_url:
                resource.update(voice_url="", voice_fallback_url="", status_callback="")

    def release(self, credentials: Credentials, *, number_id: str) -> None:
        """Twilio's DELETE."""
        with asking("release", credentials) as twilio:
            or_nothing(twilio.incoming_phone_numbers(number_id).delete)

    def processing_region(self, credentials: Credentials, *, e164: str) -> str:
        """By the Routes API, which knows each number's inbound processing region."""
        with asking(e164, credentials) as twilio:
            return str(twilio.routes.v2.phone_numbers(e164).fetch().voice_region)

    def set_processing_region(self, credentials: Credentials, *, e164: str, region: str) -> None:
        """Takes up to five minutes to take effect, by Twilio's documentation."""
        with asking(e164, credentials) as twilio:
            twilio.routes.v2.phone_numbers(e164).update(voice_region=region)

    def callers(self, credentials: Credentials) -> tuple[str, ...]:
        """Verified caller ids first: a trial has one, its owner's telephone. The platform's own
        account calls from none of its numbers: they are other companies'.
        """
        ours = self.platform_account()
        with asking("caller ids", credentials) as twilio:
            found = [one.phone_number for one in twilio.outgoing_caller_ids.list(limit=20)]
            if ours is None or ours.account_id != credentials.account_id:
                held = twilio.incoming_phone_numbers.list(limit=20)
                found += [number.phone_number for number in held]
        return tuple(dict.fromkeys(found))

    def place_call(self, credentials: Credentials, *, e164: str, caller: str) -> PlacedCall:
        """Its own end stays silent for 20 s: the agent greets meanwhile."""
        if is_loopback(settings.PUBLIC_URL) and not API_GATEWAY.value():
            raise CarrierRefused(
                f"Twilio cannot ask {settings.PUBLIC_URL} about calls: it is this machine's own "
                "address; a tunnel gives one that the internet reaches (WARMLINE_PUBLIC_URL)"
            )
        with asking("call", credentials) as twilio:
            placed = twilio.calls.create(
                to=e164, from_=caller, twiml=_SILENCE, timeout=20, time_limit=60
            )
            return _placed(placed)

    def placed_call(self, credentials: Credentials, *, call_id: str) -> PlacedCall:
        """The call's resource."""
        with asking("call", credentials) as twilio:
            return _placed(twilio.calls(call_id).fetch())

    def hang_up(self, credentials: Credentials, *, call_id: str) -> None:
        """Twilio leaves a call that is over as it is."""
        with asking("call", credentials) as twilio:
            twilio.calls(call_id).update(status="completed")

    def signed_probe(self, credentials: Credentials, *, e164: str) -> SignedRequest:
        """To the route that looks at the signature and does nothing else."""
        url = str(settings.PUBLIC_URL).rstrip("/") + "/twilio/probe"
        form = {"AccountSid": credentials.account_id, "To": e164}
        signature = RequestValidator(credentials.auth_tokens[0]).compute_signature(url, form)
        return SignedRequest(url, form, {"X-Twilio-Signature": str(signature)})

    def _pointed_here(self) -> dict[str, str]:
        ours = self.webhooks()
        return {
            "voice_url": ours.voice_url,
            "voice_method": "POST",
            # Asked when the first request fails; the same call is answered as it was.
            "voice_fallback_url": ours.voice_url,
            "voice_fallback_method": "POST",
            "status_callback": ours.status_url,
            "status_callback_method": "POST",
        }

    def _price(self, twilio: Any, country: str, priced: str) -> tuple[int | None, str]:
        """A month's price by Twilio's list, in hundredths; None where it names none."""
        listed = or_nothing(twilio.pricing.v1.phone_numbers.countries(country).fetch)
        if listed is None:
            return None, ""
        for price in listed.phone_number_prices or ():
            if price.get("number_type") == priced:
                return round(Decimal(str(price["current_price"])) * 100), str(listed.price_unit)
        return None, str(listed.price_unit)


def _placed(call: Any) -> PlacedCall:
    return PlacedCall(call.sid, str(call.status), is_over=str(call.status) in _OVER)


def _facts(found: Any) -> AccountFacts:
    return AccountFacts(
        account_id=found.sid,
        name=str(found.friendly_name or ""),
        is_active=found.status == "active",
        is_trial=str(found.type) == "Trial",
        auth_token=str(found.auth_token or ""),
    )


def _held(number: Any) -> HeldNumber:
    capabilities = number.capabilities
    voice = capabilities.get("voice") if isinstance(capabilities, dict) else capabilities.voice
    overridden = number.trunk_sid or number.voice_application_sid or ""
    return HeldNumber(
        number_id=number.sid,
        e164=number.phone_number,
        reference=str(number.friendly_name or ""),
        takes_voice=bool(voice),
        webhooks=Webhooks(str(number.voice_url or ""), str(number.status_callback or "")),
        overridden_by=str(overridden),
    )


PROVISIONING: Final = TwilioProvisioning()
