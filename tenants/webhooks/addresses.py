"""Which addresses an endpoint may have: what can be told before anything is looked up.

Where a name leads is looked at on each try (`warmline.kernel.outbound`), since it may change.
"""

from ipaddress import ip_address, ip_network
from typing import Final

from warmline.kernel import configuration
from warmline.kernel.errors import BadInput
from warmline.kernel.outbound.addresses import Address, PublicUrl, is_public, is_within, parse_url

# Names that a resolver keeps to its own network, by RFC 6761, 6762, 8375 and 9476 and by custom.
_INSIDE: Final = (
    *("localhost", "local", "localdomain", "internal", "intranet", "lan", "home.arpa"),
    *("corp", "home", "private", "test", "invalid", "onion"),
)


def endpoint_url(url: str) -> str:
    """The address in its one spelling; `BadInput` for one that nothing may be posted to.

    https at its usual port, on the public internet. What the operator opened by
    `WARMLINE_OUTBOUND_NETWORKS`, as this machine while developing, may be http and at any port.
    """
    try:
        parsed = parse_url(url)
    except BadInput as error:
        raise BadInput(str(error), field="url") from None
    refusal = "" if _is_opened(parsed) else _refusal(parsed)
    if refusal:
        raise BadInput(refusal, field="url")
    return str(parsed)


def _refusal(url: PublicUrl) -> str:
    if url.scheme != "https":
        return "expected an https address, so that nobody on the way reads what is sent"
    if not url.has_usual_port:
        return f"expected an https address at its usual port 443, not {url.port}"
    address = _literal(url.host)
    is_inside = not is_public(address) if address else _is_inside_name(url.host)
    return f"expected an address on the public internet, not {url.host}" if is_inside else ""


def _is_opened(url: PublicUrl) -> bool:
    networks = tuple(map(ip_network, configuration.OUTBOUND_NETWORKS.value()))
    address = _literal(url.host)
    if address is None:
        return bool(networks) and _is_inside_name(url.host)
    return is_within(address, networks)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_inside_name(host: str) -> bool:
    return "." not in host or any(host == name or host.endswith(f".{name}") for name in _INSIDE)
