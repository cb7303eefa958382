"""The web plane as a process of its own, on its two listeners."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests import services
from tests.telephony.conftest import carrier, plumber, warm_regions  # noqa: F401  fixtures
from warmline.embedded.planes import web_command
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.programs import Program, answers_http
from warmline.embedded.running import running


@dataclass(frozen=True, slots=True)
class Web:
    """Where it listens, and its process."""

    port: int
    internal_port: int
    pid: int

    @property
    def url(self) -> str:
        """The public listener's."""
        return f"http://{HOST}:{self.port}"

    @contextmanager
    def connected(self, *, internal: bool = False) -> Iterator[socket.socket]:
        """A bare connection to one of the listeners."""
        port = self.internal_port if internal else self.port
        with socket.create_connection((HOST, port), timeout=20) as connection:
            yield connection

    def answer_to(self, request: bytes, *, internal: bool = False) -> bytes:
        """All that is answered until the connection is closed, or an answer is whole."""
        with self.connected(internal=internal) as connection:
            connection.sendall(request)
            return answer(connection)

    def status_of(self, request: bytes, *, internal: bool = False) -> int:
        """The status of the answer to what is sent; 0 for none."""
        return status(self.answer_to(request, internal=internal))


def answer(connection: socket.socket) -> bytes:
    """What comes until the connection is closed, or the announced body has come."""
    received = b""
    while not _is_whole(received):
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            return received
        if not piece:
            return received
        received += piece
    return received


def status(response: bytes) -> int:
    """The status of a response; 0 for none."""
    return int(response.split(b" ", 2)[1]) if response.startswith(b"HTTP/1.1 ") else 0


def _is_whole(response: bytes) -> bool:
    head, found, body = response.partition(b"\r\n\r\n")
    if not found or b" 100 " in head.partition(b"\r\n")[0]:
        return False
    if b"transfer-encoding: chunked" in head.lower():
        return body.endswith(b"0\r\n\r\n")
    announced = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return len(body) >= int(announced or 0)


@pytest.fixture(scope="session")
def web(django_db_setup: None, valkey_server: str) -> Iterator[Web]:
    """Up, for all tests of a worker."""
    taken: set[int] = set()
    port, internal_port = (choose_port("WARMLINE_TEST_WEB_PORT", taken=taken) for _ in range(2))
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "warmline.settings"}
    ready = answers_http(f"http://{HOST}:{internal_port}/healthz/ready")
    program = Program("web", web_command(port, internal_port), ready, env=environ)
    with running(program, home=services.home) as process:
        yield Web(port, internal_port, process.pid)
