"""Twilio's API on loopback, which lets nothing pass that Twilio does not publish.

Each request is held to the operations in `description.json`, each answer of its own too; what was
not as published stands in `wrong`. It stands behind TWILIO_API_GATEWAY, so the first part of each
path is the host that the client would have asked.
"""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.twilio_api import answers
from tests.fakes.twilio_api.answers import NumberKept, Refused, TwilioAccountKept
from tests.fakes.twilio_api.calls import CALLS, PlacedCallKept
from tests.fakes.twilio_api.published import PublishedRequest, faults_in_answer, understood

_ANSWERS: Final = {**answers.ANSWERS, **CALLS}
MASTER: Final = "AC" + "0" * 32
MASTER_TOKEN: Final = "token-of-the-tests"
# The host of each product in each region: https://www.twilio.com/docs/global-infrastructure
_PLACES: Final = {"": "us1", ".dublin.ie1": "ie1", ".sydney.au1": "au1"}
_HOSTS: Final = {
    f"{product}{place}.twilio.com": (product, region)
    for product in ("api", "pricing", "routes")
    for place, region in _PLACES.items()
}


@dataclass
class TwilioApi:
    """The accounts and numbers there are, what was asked, and how it shall misbehave."""

    accounts: dict[str, TwilioAccountKept] = field(default_factory=dict)
    numbers: dict[str, NumberKept] = field(default_factory=dict)
    offered: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    needs_address: set[str] = field(default_factory=set)
    # the telephones that each account has verified, and the calls that it placed
    verified: dict[str, list[str]] = field(default_factory=dict)
    refuses_on_trial: set[str] = field(default_factory=set)
    placed: dict[str, PlacedCallKept] = field(default_factory=dict)
    asked: list[PublishedRequest] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refuse: Callable[[PublishedRequest], Refused | None] = lambda _: None
    # operations that are done and whose answer is lost
    lose_answer_of: set[str] = field(default_factory=set)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)
    _serial: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.add_account(MASTER, token=MASTER_TOKEN, name="The platform")

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
    ) -> TwilioAccountKept:
        """An account whose token opens it in these regions."""
        account = TwilioAccountKept(
            sid=sid,
            name=name,
            owner=owner or sid,
            kind=kind,
            tokens={
                region: token if region == "us1" else f"{token}-{region}" for region in regions
            },
            keys=keys or {},
        )
        self.accounts[sid] = account
        return account

    def add_number(self, e164: str, *, account: str, name: str = "Mine") -> NumberKept:
        """A number that an account has."""
        number = NumberKept(sid=self.new_sid("PN"), e164=e164, account=account, name=name)
        self.numbers[number.sid] = number
        return number

    def number(self, e164: str) -> NumberKept | None:
        """Whoever has it."""
        return next((kept for kept in self.numbers.values() if kept.e164 == e164), None)

    def count_of(self, operation: str) -> int:
        """How often an operation was asked for."""
        return sum(request.operation == operation for request in self.asked)

    def new_sid(self, prefix: str) -> str:
        """One that nothing has."""
        return f"{prefix}{next(self._serial):032x}"

    def answer(
        self, method: str, target: str, *, body: bytes, authorization: str
    ) -> tuple[int, Any] | None:
        """The answer to a request; None when it gets lost on its way."""
        parts = urlsplit(target)
        host, _, path = parts.path.lstrip("/").partition("/")
        with self.lock:
            try:
                product, region = self._product(host)
                request = self._request(
                    product, method, f"/{unquote(path)}", query=parts.query, body=body
                )
                self.asked.append(request)
                refused = self.refuse(request)
                if refused is not None:
                    raise refused
                account = self._caller(region, authorization, request)
                status, content = _ANSWERS[request.operation](self, request, account)
            except Refused as refused:
                return refused.status, refused.body()
            faults = faults_in_answer(request.operation, status, content)
            if faults:
                self.wrong.append(f"own answer: {request.operation}: {faults}")
            return None if request.operation in self.lose_answer_of else (status, content)

    def _product(self, host: str) -> tuple[str, str]:
        if host not in _HOSTS:
            self.wrong.append(f"no host {host}")
            raise Refused(404, 20404, "The requested resource was not found")
        return _HOSTS[host]

    def _request(
        self, product: str, method: str, path: str, *, query: str, body: bytes
    ) -> PublishedRequest:
        request = understood(
            product,
            method,
            path,
            query=dict(parse_qsl(query)),
            form=dict(parse_qsl(body.decode(), keep_blank_values=True)),
        )
        if isinstance(request, list):
            self.wrong.append(f"{method} {path}: {request}")
            raise Refused(400, 20001, "; ".join(request))
        return request

    def _caller(
        self, region: str, authorization: str, request: PublishedRequest
    ) -> TwilioAccountKept:
        """The account that is acted on; its own credentials open it, and its owner's."""
        name, _, secret = (
            base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        )
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
            raise Refused(404, 20404, f"The requested resource {acted_on} was not found")
        return account


@contextmanager
def twilio_api() -> Iterator[TwilioApi]:
    """Twilio until the end of the block, at `url`."""
    api = TwilioApi()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            answer = api.answer(
                self.command,
                self.path,
                body=self.rfile.read(length),
                authorization=self.headers.get("Authorization", ""),
            )
            if answer is None:
                self.close_connection = True
                return
            status, content = answer
            raw = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_DELETE = _do  # noqa: N815  names that http.server looks for

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
