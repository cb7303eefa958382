"""Does a call to a number reach its agent? Each step between them is looked at for real.

Asks the carrier, this installation's own public address and its media sockets, so no transaction
may be open.
"""

import asyncio
import hmac
from collections.abc import Iterator
from hashlib import sha256
from ipaddress import ip_network
from typing import Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import msgspec
from django.conf import settings
from django.core.cache import cache
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from telephony import media_link
from telephony.carriers import registry
from telephony.carriers.provisioning import Credentials, HeldNumber, Provisioning
from telephony.control import number_table, regional_redis
from telephony.errors import CarrierAway, CarrierRefused, NoCarrierAccount, RegionAway
from telephony.models import CarrierAccount, Number
from telephony.numbers.accounts import CARRIER, credentials_of
from telephony.numbers.queries import is_simulated
from telephony.numbers.queries import number as number_line
from telephony.numbers.types import CheckStep, NumberCheckup
from tenants.context import as_tenant, current_tenant_id
from tenants.errors import SealBroken
from warmline.kernel.errors import NotFound, Unavailable
from warmline.kernel.outbound.errors import BadAddress, Unreachable
from warmline.kernel.outbound.public_http import Answer, open_public

_PROBE_S: Final = 8.0
_SOCKET_S: Final = 5.0
# A check asks others for up to half a minute: each company has one at a time.
_ONE_AT_A_TIME_S: Final = 60
_MOST_SOCKETS: Final = 4
# Where a simulated carrier is, and what its numbers lead to.
_LOOPBACK: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class ProbeReport(msgspec.Struct, frozen=True):
    """What the probe's webhook answers: what is wrong with its signature, and that it was us."""

    wrong: str
    proof: str


def proof_of(signature: str) -> str:
    """What only this installation makes of a signature that it was sent."""
    key = b"warmline.probe" + settings.SECRET_KEY.encode()
    return hmac.new(key, signature.encode(), sha256).hexdigest()


def check_number(number_id: UUID | str) -> NumberCheckup:
    """Look at every step for one of the bound tenant's numbers.

    `Unavailable` while another check of this company's is going on.
    """
    key = f"number-check:{current_tenant_id()}"
    if not cache.add(key, 1, timeout=_ONE_AT_A_TIME_S):
        raise Unavailable("another number of this company is being checked: wait for it")
    try:
        with as_tenant(current_tenant_id()):
            line = number_line(number_id)
            number = Number.objects.select_related("account").get(pk=line.id)
            (entry,) = number_table.configs([number])
        needs_tls = not is_simulated(CARRIER if number.account is None else number.account.carrier)
        steps = (
            *_carrier_steps(number),
            *_own_steps(has_agent=entry.agent is not None, needs_tls=needs_tls),
        )
    finally:
        cache.delete(key)
    is_ready = all(step.state != "bad" for step in steps)
    return NumberCheckup(number.pk, number.e164, is_ready=is_ready, steps=steps)


def _carrier_steps(number: Number) -> Iterator[CheckStep]:
    """What the carrier says, and what it would be answered."""
    account = number.account
    try:
        provisioning = registry.provisioning(CARRIER if account is None else account.carrier)
    except NotFound:
        return
    try:
        credentials = _credentials(provisioning, account)
    except (NoCarrierAccount, SealBroken) as error:
        yield CheckStep(
            "credentials", "bad", str(error), "Enter the account's credentials once more."
        )
        return
    if credentials is None:
        yield CheckStep(
            "credentials",
            "skipped",
            "the platform's operator keeps this number's account",
        )
    else:
        yield from _account_steps(provisioning, credentials, e164=number.e164)
    yield from _probe_steps(provisioning, credentials, e164=number.e164)


def _credentials(provisioning: Provisioning, account: CarrierAccount | None) -> Credentials | None:
    if account is None:
        return provisioning.platform_account()
    return credentials_of(account)


def _account_steps(
    provisioning: Provisioning, credentials: Credentials, *, e164: str
) -> Iterator[CheckStep]:
    try:
        facts = provisioning.account_facts(credentials)
    except (CarrierAway, CarrierRefused) as error:
        yield CheckStep(
            "credentials",
            "bad",
            str(error),
            "Enter the account's present credentials under Carrier accounts.",
        )
        return
    trial = " (a trial: callers hear the carrier's notice first)" if facts.is_trial else ""
    yield CheckStep("credentials", "good", f"{facts.name or facts.account_id}{trial}")
    try:
        held = provisioning.held_number(credentials, e164=e164)
    except (CarrierAway, CarrierRefused) as error:
        yield CheckStep("number", "bad", str(error), "Try again in a minute.")
        return
    yield from _number_steps(provisioning, held, e164=e164)


def _number_steps(
    provisioning: Provisioning, held: HeldNumber | None, *, e164: str
) -> Iterator[CheckStep]:
    if held is None:
        yield CheckStep(
            "number",
            "bad",
            f"{e164} is not in this account",
            "Buy it there, or remove the number here.",
        )
        return
    if not held.takes_voice:
        yield CheckStep("number", "bad", f"{e164} takes no calls", "Get a number with voice.")
        return
    yield CheckStep("number", "good", f"{e164} is in the account and takes calls")
    ours = provisioning.webhooks()
    if held.overridden_by:
        yield CheckStep(
            "webhook",
            "bad",
            f"{held.overridden_by} takes the number's calls at the carrier",
            "Take the number out of that application or trunk, then connect it again.",
        )
    elif held.webhooks != ours:
        yield CheckStep(
            "webhook",
            "bad",
            f"calls are asked at {held.webhooks.voice_url or 'no address'} and reported to "
            f"{held.webhooks.status_url or 'no address'}",
            f"Connect the number again: expected {ours.voice_url} and {ours.status_url}.",
        )
    else:
        yield CheckStep("webhook", "good", f"calls are asked at {ours.voice_url}")


def _probe_steps(
    provisioning: Provisioning, credentials: Credentials | None, *, e164: str
) -> Iterator[CheckStep]:
    """One signed request to our own public address says whether it is reached and believed."""
    if credentials is None:
        credentials = Credentials("", provisioning.regions[0], ("none",))
    probe = provisioning.signed_probe(credentials, e164=e164)
    try:
        answer = open_public(
            probe.url,
            method="POST",
            headers={**probe.headers, "Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(probe.form).encode(),
            timeout_s=_PROBE_S,
            networks=_LOOPBACK if provisioning.is_simulated() else None,
        )
    except (BadAddress, Unreachable) as error:
        yield CheckStep(
            "public_url",
            "bad",
            str(error),
            "The platform's operator sets WARMLINE_PUBLIC_URL to an https address that the "
            "internet reaches; on a laptop a tunnel gives one.",
        )
        return
    report = _report(answer)
    (signature,) = probe.headers.values()
    if report is None or not hmac.compare_digest(report.proof, proof_of(signature)):
        yield CheckStep(
            "public_url",
            "bad",
            f"{probe.url} answered {answer.status}, and it was not this installation",
            "The address, or the proxy before it, must lead here with paths as they are.",
        )
        return
    yield CheckStep("public_url", "good", f"{settings.PUBLIC_URL} leads here")
    if not credentials.account_id:
        yield CheckStep("signature", "skipped", "no account is known to sign with")
    elif report.wrong:
        yield CheckStep(
            "signature",
            "bad",
            report.wrong,
            "The auth token kept here must be the account's present one; a proxy must change "
            "neither path nor query.",
        )
    else:
        yield CheckStep("signature", "good", "a webhook signed with the account's token is taken")


def _report(answer: Answer) -> ProbeReport | None:
    try:
        return msgspec.json.decode(answer.body, type=ProbeReport)
    except msgspec.MsgspecError:
        return None


def _own_steps(*, has_agent: bool, needs_tls: bool) -> Iterator[CheckStep]:
    yield _media_step(needs_tls=needs_tls)
    if has_agent:
        yield CheckStep("agent", "good", "an agent's live version answers")
    else:
        yield CheckStep(
            "agent",
            "bad",
            "no agent with a live version is attached: a person or a message takes the calls",
            "Attach an agent to the number and publish it.",
        )


def _media_step(*, needs_tls: bool) -> CheckStep:
    urls = _media_urls()
    if not urls:
        return CheckStep(
            "media_socket",
            "bad",
            "no media process is there",
            "The platform's operator starts one in each region.",
        )
    for url in urls:
        wrong = asyncio.run(_handshake(url, needs_tls=needs_tls))
        if wrong:
            return CheckStep(
                "media_socket",
                "bad",
                f"{url}: {wrong}",
                "The platform's operator gives media processes an address that the carrier "
                "reaches, with TLS (--ws-url wss://…).",
            )
    answering = "1 media socket answers" if len(urls) == 1 else f"{len(urls)} media sockets answer"
    return CheckStep("media_socket", "good", answering)


def _media_urls() -> list[str]:
    """The socket of every region's media processes, as the carrier would be given it."""
    urls: set[str] = set()
    for region in regional_redis.in_turn():
        try:
            with regional_redis.asking(region) as client:
                workers = media_link.media_workers(client)
        except RegionAway:
            continue
        urls |= {registry.media_url(worker.ws_url, carrier=CARRIER) for worker in workers}
    return sorted(urls)[:_MOST_SOCKETS]


async def _handshake(url: str, *, needs_tls: bool) -> str:
    """What is wrong with a socket; empty when it takes a WebSocket."""
    try:
        async with asyncio.timeout(_SOCKET_S), connect(url, open_timeout=_SOCKET_S):
            is_secure = not needs_tls or urlsplit(url).scheme == "wss"
            return "" if is_secure else "carriers send audio over TLS alone (wss)"
    except (OSError, TimeoutError, WebSocketException) as error:
        return f"no WebSocket there ({type(error).__name__})"
