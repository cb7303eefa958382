"""A receiver as companies have them: a real HTTP server, which answers as it is told."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from standardwebhooks import Webhook


@dataclass(frozen=True, slots=True)
class Reply:
    """What a receiver answers; `raw` takes the place of all of it, byte for byte."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: Callable[[Any], None] | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A request that came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Its `webhook-id`."""
        return self.headers["webhook-id"]

    @property
    def payload(self) -> Any:
        """Its body, as JSON."""
        return msgspec.json.decode(self.body)

    def verified_with(self, secret: str) -> Any:
        """Its payload, once the signature is found to be good by the specification's library."""
        return Webhook(secret).verify(self.body, dict(self.headers))


class Receiver:
    """Answers each request with the next of `replies`, then with `Reply()`; keeps what came."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.received: list[Received] = []
        self.came = threading.Condition()
        self.url = ""
        self.gone = threading.Event()

    def next_reply(self, request: Received) -> Reply:
        """Keep the request and say what is answered."""
        with self.came:
            self.received.append(request)
            self.came.notify_all()
            return self.replies.pop(0) if self.replies else Reply()


@contextmanager
def receiving(receiver: Receiver) -> Iterator[Receiver]:
    """The receiver on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = receiver.next_reply(Received(self.path, headers, body))
            if reply.raw is not None:
                reply.raw(self.connection)
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            with suppress(ConnectionError):  # whoever asked was killed
                self.end_headers()
                self.wfile.write(reply.body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Who asked was killed."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
