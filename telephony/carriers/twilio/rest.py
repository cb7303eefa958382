"""Twilio's REST API by Twilio's own client: which host a region is, and what its refusals mean."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from django.db import transaction
from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from telephony.carriers.provisioning import Credentials
from telephony.carriers.twilio.settings import API_GATEWAY
from telephony.errors import CarrierAway, CarrierRefused

# https://www.twilio.com/docs/global-infrastructure/edge-locations: the edge beside each region.
EDGES: Final = {"us1": "ashburn", "ie1": "dublin", "au1": "sydney"}
# Twilio answers a purchase within a few seconds; a person waits for it.
ANSWER_S: Final = 10.0
_BAD_CREDENTIALS: Final = 20003
_NOT_FOUND: Final = 20404

# Twilio's client logs each request with its fields, a customer's address among them.
_silent = logging.getLogger("telephony.carriers.twilio.rest")
_silent.setLevel(logging.WARNING)


class _Refusal(msgspec.Struct):
    code: int = 0
    message: str = "no reason given"


class _Transport(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Twilio's own transport, through the operator's gateway where one is set."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        gateway = API_GATEWAY.value()
        if gateway:
            parts = urlsplit(url)
            query = f"?{parts.query}" if parts.query else ""
            url = f"{gateway.rstrip('/')}/{parts.netloc}{parts.path}{query}"
        return super().request(method, url, *args, **kwargs)


@contextmanager
def asking(what: str, credentials: Credentials) -> Iterator[Client]:
    """A client that speaks for the account in its region; Twilio's refusals become ours.

    Raises `RuntimeError` inside a transaction: a database would wait for Twilio.
    """
    with transaction.atomic(durable=True):
        pass
    transport = _Transport(timeout=ANSWER_S, logger=_silent)
    try:
        yield _client(credentials, transport)
    except TwilioRestException as error:
        raise _refusal(what, error.status, error.code, str(error.msg)) from error
    except TwilioException as error:
        raise _of_page(what, error) from error
    except RequestException as error:
        raise CarrierAway(f"{what}: Twilio does not answer ({type(error).__name__})") from error
    finally:
        transport.session.close()


def or_nothing(ask: Callable[[], Any]) -> Any:
    """What Twilio answers, or None where it knows no such thing."""
    try:
        return ask()
    except TwilioRestException as error:
        if error.status == 404:
            return None
        raise


def _client(credentials: Credentials, transport: _Transport) -> Client:
    """US1 is where Twilio's hosts without a region in their names are."""
    region = None if credentials.region == "us1" else credentials.region
    return Client(
        credentials.key_id or credentials.account_id,
        credentials.key_secret or credentials.auth_tokens[0],
        credentials.account_id,
        region=region,
        edge=None if region is None else EDGES[region],
        http_client=transport,
        environment={"": ""},  # what this process's own holds speaks for no tenant
    )


def _of_page(what: str, error: TwilioException) -> CarrierAway | CarrierRefused:
    """What a list was refused with: its error has the bare answer as second argument."""
    answer = error.args[1] if len(error.args) > 1 else None
    if not isinstance(answer, Response):
        return CarrierAway(f"{what}: Twilio cannot be asked ({error})")
    try:
        refusal = msgspec.json.decode(answer.text, type=_Refusal)
    except msgspec.MsgspecError:
        refusal = _Refusal()
    return _refusal(what, answer.status_code, refusal.code, refusal.message)


def _refusal(what: str, status: int, code: int | None, told: str) -> CarrierAway | CarrierRefused:
    if status == 429 or status >= 500:
        return CarrierAway(f"{what}: Twilio cannot answer now (HTTP {status})")
    if status == 401 or code == _BAD_CREDENTIALS:
        why = "Twilio does not know these credentials"
    elif code == _NOT_FOUND:
        why = "Twilio has no such thing in this account and region"
    else:
        why = told.removeprefix("Unable to create record: ").strip()[:200]
    return CarrierRefused(f"{what}: {why} (Twilio's error {code})", vendor_code=code or 0)
