"""Twilio's API for accounts and numbers: what is asked, by whom, and what comes of it.

It stands behind TWILIO_API_GATEWAY, so the first part of each path is the host that Twilio's client
would have asked.
"""

import base64
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from programs.carrier_simulator.provisioning.accounts import CarrierAccounts
from programs.carrier_simulator.provisioning.operations import ANSWERS, Answer
from programs.carrier_simulator.provisioning.resources import AccountKept, Refused
from programs.carrier_simulator.provisioning.routing import HOSTS, ApiRequest, operation_of

_NOT_FOUND = 20404


@dataclass
class ProvisioningApi(CarrierAccounts):
    """Answers requests by the accounts and numbers that it holds.

    `changed` is called once something else is to be kept.
    """

    operations: Mapping[str, Answer] = field(default_factory=lambda: ANSWERS)
    changed: Callable[[], None] = lambda: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(
        self, method: str, target: str, *, body: bytes, authorization: str
    ) -> tuple[int, Any] | None:
        """Status and JSON of the answer to a request; None when it gets lost on its way."""
        parts = urlsplit(target)
        host, _, path = parts.path.lstrip("/").partition("/")
        with self.lock:
            try:
                product, region = self.product(host)
                request = self.understood(
                    product,
                    method,
                    f"/{unquote(path)}",
                    query=dict(parse_qsl(parts.query)),
                    form=dict(parse_qsl(body.decode(), keep_blank_values=True)),
                )
                account = self._caller(region, authorization, request)
                if request.operation not in self.operations:
                    raise Refused(404, _NOT_FOUND, f"This carrier has no {request.operation}")
                answer: tuple[int, Any] = self.operations[request.operation](self, request, account)
            except Refused as refused:
                return refused.status, refused.body()
            if method != "GET":
                self.changed()
            return answer

    def product(self, host: str) -> tuple[str, str]:
        """The product and region that a host of Twilio's is of."""
        if host not in HOSTS:
            raise Refused(404, _NOT_FOUND, "The requested resource was not found")
        return HOSTS[host]

    def understood(
        self, product: str, method: str, path: str, *, query: dict[str, str], form: dict[str, str]
    ) -> ApiRequest:
        """The operation that a request is."""
        request = operation_of(product, method, path, query=query, form=form)
        if request is None:
            raise Refused(404, _NOT_FOUND, f"The requested resource {path} was not found")
        return request

    def _caller(self, region: str, authorization: str, request: ApiRequest) -> AccountKept:
        """The account that is acted on; its own credentials open it, and its owner's."""
        name, secret = _credentials(authorization)
        signed_in = next(
            (
                account
                for account in self.accounts.values()
                if (account.sid == name and account.tokens.get(region) == secret)
                or (name in account.keys and account.keys[name] == secret)
            ),
            None,
        )
        if signed_in is None:
            raise Refused(401, 20003, "Authenticate")
        acted_on = request.ids.get("AccountSid", signed_in.sid)
        if request.operation in {"api.FetchAccount", "api.UpdateAccount"}:
            acted_on = request.ids["Sid"]
        account = self.accounts.get(acted_on)
        if account is None or signed_in.sid not in (account.sid, account.owner):
            raise Refused(404, _NOT_FOUND, f"The requested resource {acted_on} was not found")
        return account


def _credentials(authorization: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        return "", ""
    name, _, secret = text.partition(":")
    return name, secret
