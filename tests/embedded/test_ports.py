"""Ports: a free one is found, a taken one is named with its holder."""

import os
import socket
from collections.abc import Iterator

import pytest

from warmline.embedded.ports import HOST, PortTaken, choose_port

VARIABLE = "WARMLINE_TRIED_PORT"


@pytest.fixture
def held_port() -> Iterator[int]:
    """A port on which this very process listens."""
    server = socket.create_server((HOST, 0))
    server.listen()
    with server:
        yield server.getsockname()[1]


def test_a_fixed_port_that_is_taken_names_its_holder(
    held_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator learns the variable, the port and the process."""
    monkeypatch.setenv(VARIABLE, str(held_port))
    with pytest.raises(
        PortTaken, match=rf"port {held_port} \({VARIABLE}\) is taken by process {os.getpid()} "
    ):
        choose_port(VARIABLE, preferred=8000, taken=set())


def test_without_a_fixed_port_another_is_picked(held_port: int) -> None:
    """The preferred port is only preferred."""
    taken: set[int] = set()
    assert choose_port(VARIABLE, preferred=held_port, taken=taken) not in {held_port, 0}


def test_no_port_is_given_twice_in_one_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ports chosen but not yet listened on are taken."""
    taken: set[int] = set()
    first = choose_port(VARIABLE, taken=taken)
    assert choose_port(VARIABLE, preferred=first, taken=taken) != first
    monkeypatch.setenv(VARIABLE, str(first))
    with pytest.raises(PortTaken):
        choose_port(VARIABLE, taken=taken)
