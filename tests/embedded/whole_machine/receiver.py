"""A company's own server, which takes webhooks and verifies them by the published library."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from standardwebhooks import Webhook


class Receiver:
    """What was posted, in order; `url` is where."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.posted: SimpleQueue[tuple[dict[str, str], bytes]] = SimpleQueue()

    def event(self, event_type: str, *, secret: str, within_s: float) -> dict[str, Any]:
        """The next event of that type; each that came before it is verified too."""
        webhook, deadline = Webhook(secret), monotonic() + within_s
        seen: list[str] = []
        while True:
            try:
                headers, body = self.posted.get(timeout=max(0.0, deadline - monotonic()))
            except Empty:
                raise AssertionError(f"no {event_type} within {within_s:g} s, but {seen}") from None
            event: dict[str, Any] = webhook.verify(body, headers)
            seen.append(event["type"])
            if event["type"] == event_type:
                return event


@contextmanager
def receiver() -> Iterator[Receiver]:
    """It listens on loopback until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.posted.put(({name.lower(): text for name, text in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hooks")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
