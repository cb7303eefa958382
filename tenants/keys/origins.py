"""Origins of pages that may use a key from a browser (RFC 6454)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from tenants.keys.types import MAX_ORIGINS
from warmline.kernel.errors import BadInput

_MAX_CHARACTERS = 260
_DEFAULT_PORTS = {"https": 443, "http": 80}
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


def parsed_origins(origins: Iterable[str]) -> tuple[str, ...]:
    """Each as a browser sends it, once; `BadInput` for what is no origin of a page over TLS.

    Without TLS only this machine's own: whoever sits on the way could put a page there.
    """
    parsed = tuple(dict.fromkeys(_parsed(origin) for origin in origins))
    if len(parsed) > MAX_ORIGINS:
        raise BadInput(f"origins: expected at most {MAX_ORIGINS}", field="origins")
    return parsed


def _parsed(origin: str) -> str:
    try:
        parts = urlsplit(origin.strip().lower())
        port = parts.port
    except ValueError:
        raise _refusal(origin) from None
    host = parts.hostname or ""
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    sound = host.isascii() and "*" not in host and len(origin) <= _MAX_CHARACTERS
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _OWN_MACHINE)
    if not (host and bare and sound and secure) or parts.password is not None:
        raise _refusal(origin)
    name = f"[{host}]" if ":" in host else host
    if port is None or port == _DEFAULT_PORTS[parts.scheme]:
        return f"{parts.scheme}://{name}"
    return f"{parts.scheme}://{name}:{port}"


def _refusal(origin: str) -> BadInput:
    return BadInput(
        f"origin {origin[:60]!r}: expected https://host or https://host:port, nothing after it "
        "(http:// for localhost alone; a name in other letters as xn--…)",
        field="origins",
    )
