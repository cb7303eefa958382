"""Looks at all that a process reads when it starts, and tells every mistake at once."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

from warmline.kernel import configuration
from warmline.kernel.configuration import accounts
from warmline.kernel.configuration.setting import DJANGO, Process, Refused, Setting
from warmline.kernel.errors import ConfigurationError

log = structlog.get_logger()

OURS: Final = "WARMLINE_"
# Only the tests and benches read these.
_OF_TESTS: Final = ("WARMLINE_TEST_", "WARMLINE_BENCH_")
# What Kubernetes puts into every pod of a namespace with a Service whose name begins with ours.
_SERVICE_LINK: Final = re.compile(
    r"WARMLINE_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT(_[0-9]+_(TCP|UDP|SCTP)(_\w+)?)?)"
)
_LINKED: Final = re.compile(r"((tcp|udp|sctp)://\S+|[0-9a-f.:]+|tcp|udp|sctp)", re.IGNORECASE)
# How alike a variable of somebody else's has to be before it is taken for one of ours, misspelt.
ALIKE: Final = 0.85


def check(
    processes: Iterable[Process],
    *,
    of_carriers: Callable[[], Iterable[Setting[Any]]] = tuple,
    supplied: Iterable[Setting[Any]] = (),
) -> None:
    """Look at every setting that one of these processes reads; `Refused` tells all mistakes.

    Those that are supplied need not be set.
    """
    processes, supplied = frozenset(processes), tuple(supplied)
    read, sentences = list(configuration.SETTINGS), []
    try:
        read += of_carriers()
    except ConfigurationError as error:
        sentences.append(str(error))
    for setting in read:
        if not setting.readers & processes:
            continue
        try:
            if setting.text() is not None or (setting.required and setting not in supplied):
                setting.value()
        except ConfigurationError as error:
            sentences.append(str(error))
    if not sentences:
        sentences += _contradictions(processes)
    sentences += unknown()
    if sentences:
        raise Refused(sentences)
    warn_of_lookalikes(setting.name for setting in read)


def unknown() -> Iterator[str]:
    """A sentence for each variable that begins as ours do and is none of them."""
    names = [setting.name for setting in configuration.SETTINGS]
    for name in sorted(os.environ):
        if not name.startswith(OURS) or name in names or name.startswith(_OF_TESTS):
            continue
        if _is_a_service_link(name) or name.startswith(configuration.MEDIA_PORT):
            continue
        yield f"{name} is no setting of Warmline{_nearest(name, names, alike=0.6)}"


def warn_of_lookalikes(names: Iterable[str]) -> None:
    """Log variables that are nearly called as one of ours, such as TWILIO_AUTH_TOKEN."""
    known = list(names)
    for name in sorted(os.environ):
        if name in known or name.startswith(OURS):
            continue
        if nearest := _nearest(name, known, alike=ALIKE):
            log.warning("variable is not read", variable=name, hint=nearest.lstrip("; "))


def _is_a_service_link(name: str) -> bool:
    return bool(_SERVICE_LINK.fullmatch(name) and _LINKED.fullmatch(os.environ[name]))


def _nearest(name: str, names: list[str], *, alike: float) -> str:
    near = get_close_matches(name, names, n=1, cutoff=alike)
    return f"; did you mean {near[0]}?" if near else ""


def _contradictions(processes: frozenset[Process]) -> Iterator[str]:
    """What is right by itself and not beside the rest."""
    # A process that reads no Redis holds no client of it.
    from warmline.kernel.redis_address import server_and_number

    readers = configuration.REGIONS_REDIS.readers
    urls = configuration.REGIONS_REDIS.value() if readers & processes else {}
    regions: dict[tuple[str, int, int], list[str]] = {}
    for region in sorted(urls):
        regions.setdefault(server_and_number(urls[region]), []).append(region)
    for together in regions.values():
        if len(together) == 1:
            continue
        same = " and ".join(together)
        yield (
            f"{configuration.REGIONS_REDIS.name}: {same} have the same Redis and number: expected "
            "one of its own for each region"
        )
    if processes & DJANGO:
        yield from _contradictions_of_accounts()


def _contradictions_of_accounts() -> Iterator[str]:
    """A provider without what it takes, and a mailbox that others could open."""
    needed = (accounts.SSO_CLIENT_ID, accounts.SSO_CLIENT_SECRET, accounts.SSO_DOMAINS)
    missing = [setting.name for setting in needed if not setting.value()]
    if accounts.SSO_URL.value() and missing:
        yield f"{accounts.SSO_URL.name} is set: expected {' and '.join(missing)} too"
    if accounts.SSO_REQUIRED.value() and not accounts.SSO_URL.value():
        yield f"{accounts.SSO_REQUIRED.name} is set: expected {accounts.SSO_URL.name} too"
    if accounts.MAILBOX.given() and not is_loopback(configuration.PUBLIC_URL.value()):
        yield (
            f"{accounts.MAILBOX.name} shows everybody's mail: expected a "
            f"{configuration.PUBLIC_URL.name} of this machine, or {accounts.SMTP_HOST.name} in its "
            "place"
        )


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine alone."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def refusals_told() -> Iterator[None]:
    """End the process with what is wrong with its settings, a sentence each."""
    try:
        yield
    except ConfigurationError as error:
        raise SystemExit(str(error)) from None
