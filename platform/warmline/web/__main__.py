"""`python -m warmline.web`: the web plane on its two listeners, in one process.

The public one is for carriers, browsers and programs; the internal one, for the media plane, probes
and Prometheus, belongs where nobody else reaches it.
"""

import argparse
import resource
import socket
import sys
from typing import Any, Final

import uvicorn

from warmline.kernel.errors import ConfigurationError
from warmline.web.connection import MAX_CONNECTIONS, BoundedConnection, BoundedWebSocket

BACKLOG: Final = 2048
# Live views are told and say nothing: a message is a mistake, a large one an attack.
MAX_MESSAGE_BYTES: Final = 4096
DRAIN_S: Final = 20
# Beside the clients' connections: Postgres, Redis, Chroma, files.
OWN_FILES: Final = 500


def main() -> int:
    """Serve until told to end; 2 with a sentence for an address that cannot be had."""
    options = _options()
    try:
        if options.port == options.internal_port:
            raise ConfigurationError(
                f"--internal-port {options.internal_port}: expected another one than --port"
            )
        sockets = [
            _listen(options.host, options.port),
            _listen(options.internal_host, options.internal_port),
        ]
    except ConfigurationError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201  the command's own answer
        return 2
    _allow_files(MAX_CONNECTIONS + OWN_FILES)
    config = uvicorn.Config(
        _application(options.internal_port),
        http=BoundedConnection,
        ws=BoundedWebSocket,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",  # Django has none to announce
        access_log=False,
        log_level="warning",
        backlog=BACKLOG,
        timeout_graceful_shutdown=DRAIN_S,
    )
    uvicorn.Server(config).run(sockets=sockets)
    return 0


def _application(internal_port: int) -> Any:
    """The application of the listener that a connection came in by."""
    from warmline import asgi

    async def application(scope: Any, receive: Any, send: Any) -> None:
        _, port = scope["server"]
        chosen = asgi.internal if port == internal_port else asgi.application
        await chosen(scope, receive, send)

    return application


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigurationError(f"{host}:{port} cannot be listened at: {error.strerror}") from None


def _allow_files(wanted: int) -> None:
    """As many open files as the connections need, where the machine lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m warmline.web", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="of the public listener")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--internal-host", default="127.0.0.1", help="of the internal listener")
    parser.add_argument("--internal-port", type=int, default=8001)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
