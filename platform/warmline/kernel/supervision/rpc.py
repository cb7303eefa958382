"""supervisord's XML-RPC over its Unix socket; the standard library has all it takes."""

import http.client
import socket
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from warmline.kernel.errors import Unavailable, WarmlineError

ANSWER_S = 10

# supervisor/xmlrpc.py: the faults answered for here.
BAD_NAME = 10
NOT_RUNNING = 70


class SupervisionFailed(WarmlineError):
    """The supervisor refused; its own words are in the message."""


class SupervisorUnavailable(Unavailable):
    """No supervisor answers on the socket."""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ANSWER_S)
        self.sock.connect(self._path)


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = _UnixConnection(self._path)
        self._connection = host, connection
        return connection

    def request(self, *args: Any, **options: Any) -> Any:
        """One connection a request: a client is made for one or two, and nobody closes it."""
        try:
            return super().request(*args, **options)
        finally:
            self.close()


def client(control: Path) -> Any:
    """supervisord's `supervisor` namespace (its manual: XML-RPC API); untyped as XML-RPC is."""
    transport = _UnixTransport(str(control / "supervisor.sock"))
    return xmlrpc.client.ServerProxy(
        "http://localhost/RPC2", transport=transport, allow_none=True
    ).supervisor


@contextmanager
def supervisor_errors(*tolerated: int) -> Iterator[None]:
    """Turn the supervisor's refusals into our errors; the fault codes given are no error."""
    try:
        yield
    except xmlrpc.client.Fault as error:
        if error.faultCode not in tolerated:
            raise SupervisionFailed(f"the supervisor refused: {error.faultString}") from error
    except (OSError, http.client.HTTPException) as error:
        raise SupervisorUnavailable(
            f"no supervisor answers: {error}; `make serve` runs one"
        ) from error
