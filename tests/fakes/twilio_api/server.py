"""Twilio's API on loopback, which lets nothing pass that Twilio does not publish.

The simulated carrier answers; each request is held to the operations in `description.json` first,
and each answer too: what was not as published stands in `wrong`. So the carrier that `make serve`
has is held to them as well.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Final

from programs.carrier_simulator.provisioning.api import ProvisioningApi
from programs.carrier_simulator.provisioning.resources import Refused
from programs.carrier_simulator.provisioning.routing import ApiRequest
from tests.fakes.twilio_api.calls import CALLS, PlacedCallKept
from tests.fakes.twilio_api.published import faults_in_answer, faults_in_request

MASTER: Final = "AC" + "0" * 32
MASTER_TOKEN: Final = "token-of-the-tests"


@dataclass
class TwilioApi(ProvisioningApi):
    """What was asked besides, and how it shall misbehave."""

    # the telephones that each account has verified, and the calls that it placed
    verified: dict[str, list[str]] = field(default_factory=dict)
    refuses_on_trial: set[str] = field(default_factory=set)
    placed: dict[str, PlacedCallKept] = field(default_factory=dict)
    asked: list[ApiRequest] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refuse: Callable[[ApiRequest], Refused | None] = lambda _: None
    # operations that are done and whose answer is lost
    lose_answer_of: set[str] = field(default_factory=set)
    url: str = ""
    _serial: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.operations = {**self.operations, **CALLS}
        self.prices |= {"local": 1.15, "toll free": 2.15}
        self.add_account(MASTER, token=MASTER_TOKEN, name="The platform")

    def tokens(self, token: str, *, regions: tuple[str, ...]) -> dict[str, str]:
        """As at Twilio: another one in each region."""
        return {region: token if region == "us1" else f"{token}-{region}" for region in regions}

    def count_of(self, operation: str) -> int:
        """How often an operation was asked for."""
        return sum(request.operation == operation for request in self.asked)

    def new_sid(self, prefix: str) -> str:
        """The same in every run."""
        return f"{prefix}{next(self._serial):032x}"

    def answer(
        self, method: str, target: str, *, body: bytes, authorization: str
    ) -> tuple[int, Any] | None:
        """The answer to a request; None when it gets lost on its way."""
        before = len(self.asked)
        answer = super().answer(method, target, body=body, authorization=authorization)
        if answer is None or len(self.asked) == before:
            return answer
        operation = self.asked[-1].operation
        status, content = answer
        faults = [] if status >= 400 else faults_in_answer(operation, status, content)
        if faults:
            self.wrong.append(f"own answer: {operation}: {faults}")
        return None if status < 400 and operation in self.lose_answer_of else answer

    def product(self, host: str) -> tuple[str, str]:
        """A host that Twilio has not is wrong."""
        try:
            return super().product(host)
        except Refused:
            self.wrong.append(f"no host {host}")
            raise

    def understood(
        self, product: str, method: str, path: str, *, query: dict[str, str], form: dict[str, str]
    ) -> ApiRequest:
        """The operation, as Twilio publishes it."""
        try:
            request = super().understood(product, method, path, query=query, form=form)
        except Refused:
            self.wrong.append(f"{method} {path} is no operation of {product}")
            raise
        if faults := faults_in_request(request, method=method, path=path):
            self.wrong.append(f"{method} {path}: {faults}")
            raise Refused(400, 20001, "; ".join(faults))
        self.asked.append(request)
        if refused := self.refuse(request):
            raise refused
        return request


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
