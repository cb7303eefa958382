"""Loopback ports: the one asked for, or a free one, or a sentence about who holds it."""

import socket
from contextlib import suppress

import psutil

from warmline.kernel.configuration import kinds
from warmline.kernel.configuration.setting import Setting
from warmline.kernel.errors import ConfigurationError

HOST = "127.0.0.1"


class PortTaken(ConfigurationError):
    """A port that the operator fixed is held by somebody else, who is named."""


def choose_port(variable: str, *, taken: set[int], preferred: int | None = None) -> int:
    """The port in `variable`, else the preferred one if free, else any; `PortTaken`.

    `taken` are the ports already given away in this start; the answer is added to it.
    """
    fixed = Setting(variable, kinds.PORT, "", frozenset()).given()
    if fixed and (fixed in taken or not is_free(fixed)):
        raise PortTaken(
            f"port {fixed} ({variable}) is taken by {holder(fixed)}; "
            f"free it or set another {variable}"
        )
    if fixed:
        port = fixed
    elif preferred and preferred not in taken and is_free(preferred):
        port = preferred
    else:
        port = _any_free(taken)
    taken.add(port)
    return port


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """The process that listens on a port, as a person would look for it."""
    with suppress(psutil.Error, OSError):
        for connection in psutil.net_connections(kind="tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr
            if listens and listens.port == port and connection.pid:
                with suppress(psutil.Error):
                    process = psutil.Process(connection.pid)
                    command = " ".join(process.cmdline())[:100] or process.name()
                    return f"process {connection.pid} ({command})"
    return "a process of another user"


def _any_free(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port
