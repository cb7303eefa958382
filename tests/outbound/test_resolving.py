"""A name whose servers do not answer holds up nobody who asks for another one."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from warmline.kernel.outbound.errors import Unreachable
from warmline.kernel.outbound.resolving import MOST_OF_A_DOMAIN, Resolver, domain_of


class NameServers:
    """Those of slow.example and slow.co.uk answer once `awake` is set, all others at once."""

    def __init__(self) -> None:
        self.awake = threading.Event()
        self.asked: Counter[str] = Counter()

    def look_up(self, host: str) -> Sequence[Any]:
        self.asked[host] += 1
        if host.endswith(("slow.example", "slow.co.uk")):
            self.awake.wait(30)
        return [(None, None, None, "", ("192.0.2.7", 0))]


@pytest.fixture
def servers() -> Iterator[NameServers]:
    """They wake when the test is over."""
    servers = NameServers()
    yield servers
    servers.awake.set()


def test_slow_names_hold_up_no_other_company(servers: NameServers) -> None:
    """Whoever has a slow domain gets four places of eight, however many names they make up."""
    resolver = Resolver(servers.look_up, most=2 * MOST_OF_A_DOMAIN)
    for number in range(MOST_OF_A_DOMAIN):
        with pytest.raises(Unreachable, match="not known within"):
            resolver.addresses(f"n{number}.slow.example", 0.01)
    for number in range(20):
        with pytest.raises(Unreachable, match="are being asked for already"):
            resolver.addresses(f"m{number}.slow.example", 10)
    assert resolver.addresses("hooks.quick.example", 10) == ["192.0.2.7"]
    assert sum(servers.asked.values()) == MOST_OF_A_DOMAIN + 1


def test_one_name_is_asked_for_once_at_a_time(servers: NameServers) -> None:
    """Everybody who waits for it gets the answer, and afterwards it is asked for anew."""
    resolver = Resolver(servers.look_up)
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(resolver.addresses, "hooks.slow.co.uk", 30) for _ in range(8)]
        while not servers.asked:
            pass
        servers.awake.set()
        assert [one.result(30) for one in waiting] == [["192.0.2.7"]] * 8
    asked = servers.asked["hooks.slow.co.uk"]
    resolver.addresses("hooks.slow.co.uk", 10)
    assert servers.asked["hooks.slow.co.uk"] == asked + 1


def test_a_domain_that_woke_has_its_places_again(servers: NameServers) -> None:
    """None of them is lost."""
    resolver = Resolver(servers.look_up)
    for number in range(MOST_OF_A_DOMAIN):
        with pytest.raises(Unreachable):
            resolver.addresses(f"n{number}.slow.example", 0.01)
    servers.awake.set()
    for number in range(MOST_OF_A_DOMAIN):
        resolver.addresses(f"n{number}.slow.example", 10)
    assert resolver.addresses("m.slow.example", 10) == ["192.0.2.7"]


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("hooks.example.com", "example.com"),
        ("example.com", "example.com"),
        ("a.b.example.co.uk.", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("a.example.de", "example.de"),
        ("localhost", "localhost"),
        ("a.b.web.app", "web.app"),
    ],
)
def test_names_below_one_domain_are_of_one_owner(host: str, domain: str) -> None:
    """As far as the name itself tells."""
    assert domain_of(host) == domain
