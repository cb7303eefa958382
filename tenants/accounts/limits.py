"""What keeps others from guessing: each door that checks a password or a code counts what failed.

By account and address, by account in all, by address whatever the account. A browser in which
somebody signed in to the account is known: what others fail at does not lock its owner out.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenants import attempts
from tenants.actions import record_security_event
from tenants.attempts import Counter, digest, network
from tenants.emails import normal_email
from tenants.errors import TooManyAtOnce, TooManyTries

WINDOW_S: Final = 15 * 60
LONGEST_WAIT_S: Final = 4 * 3600
FORGOTTEN_AFTER_S: Final = 24 * 3600
# of one account from one address, and of one account from a browser that has signed in to it before
MOST_FROM_ONE_ADDRESS = 10
# of one account, wherever they come from: many addresses guess together, and its owner seldom errs
MOST_IN_ALL = 100
# from one address, whatever accounts: an office may share it
MOST_OF_AN_ADDRESS = 50
# accounts opened, and links asked for, from one address within an hour
MOST_SIGN_UPS = 20
MOST_LINKS = 30
# passkeys and providers asked for, each of which begins a session
MOST_CHALLENGES = 300
# A browser in which somebody signed in keeps it.
KNOWN_BROWSER: Final = "warmline_browser"
KNOWN_BROWSER_S: Final = 180 * 24 * 3600

log = structlog.get_logger()


def tried(
    request: HttpRequest, counters: Sequence[Counter], *, account: str, check: Callable[[], bool]
) -> bool:
    """What the check says, unless too much failed before: `TooManyTries`, and it is not made.

    The first counter is its owner's own: it begins anew where the check succeeds.
    """
    wait_s = attempts.begin(counters)
    if wait_s:
        log.warning("sign-in refused", **_traces(request, account), wait_s=wait_s)
        raise TooManyTries(
            f"Too many tries failed for this account. Try again in {-(-wait_s // 60)} minutes.",
            wait_s=wait_s,
        )
    try:
        right = check()
    except TooManyAtOnce:
        attempts.take_back(counters)
        raise
    if right:
        own, *others = counters
        attempts.forget(own)
        attempts.take_back(others)
    else:
        leave_trace(request, account)
    return right


def of_password(request: HttpRequest, account: str) -> tuple[Counter, ...]:
    """What a try of a password is counted by."""
    name, address = digest(account), network(request.META.get("REMOTE_ADDR", ""))
    browser = known_browser(request, account)
    own = _own(f"sign-in:{name}:{browser or address}", MOST_FROM_ONE_ADDRESS)
    if browser:
        return (own,)
    return (own, _of_all(f"sign-in:{name}", MOST_IN_ALL), _of_all(address, MOST_OF_AN_ADDRESS))


def count_sign_up(request: HttpRequest) -> None:
    """One more account from this address; `TooManyTries`."""
    _count(f"sign-up:{_address(request)}", MOST_SIGN_UPS)


def count_link(request: HttpRequest) -> None:
    """One more link asked for from this address; `TooManyTries`."""
    _count(f"link:{_address(request)}", MOST_LINKS)


def count_challenge(request: HttpRequest) -> None:
    """One more passkey or provider asked for from this address; `TooManyTries`."""
    _count(f"challenge:{_address(request)}", MOST_CHALLENGES)


def know_browser(request: HttpRequest, response: HttpResponseBase, account: str) -> None:
    """Let the browser be known by the account that was signed in to in it."""
    account = normal_email(account)
    response.set_signed_cookie(
        KNOWN_BROWSER,
        known_browser(request, account) or secrets.token_hex(16),
        salt=_browser_salt(account),
        max_age=KNOWN_BROWSER_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def known_browser(request: HttpRequest, account: str) -> str:
    """The random word that this browser was given when somebody signed in to the account in it."""
    word = request.get_signed_cookie(
        KNOWN_BROWSER, default="", salt=_browser_salt(account), max_age=KNOWN_BROWSER_S
    )
    return str(word)


def _count(key: str, most: int) -> None:
    counter = Counter(key, most=most + 1, window_s=3600, wait_s=600, longest_wait_s=3600)
    wait_s = attempts.begin([counter])
    if wait_s:
        raise TooManyTries(
            "That was asked for very often from where you are. Try again in "
            f"{-(-wait_s // 60)} minutes.",
            wait_s=wait_s,
        )


def _own(key: str, most: int) -> Counter:
    return Counter(
        key,
        most=most,
        window_s=FORGOTTEN_AFTER_S,
        wait_s=WINDOW_S,
        longest_wait_s=LONGEST_WAIT_S,
    )


def _of_all(key: str, most: int) -> Counter:
    return Counter(key, most=most, window_s=WINDOW_S, wait_s=60, longest_wait_s=WINDOW_S)


def _address(request: HttpRequest) -> str:
    return network(request.META.get("REMOTE_ADDR", ""))


def _browser_salt(account: str) -> str:
    return f"{KNOWN_BROWSER}:{digest(account)}"


def _traces(request: HttpRequest, account: str) -> dict[str, str]:
    return {"account": digest(account), "source": _address(request)}


def leave_trace(request: HttpRequest, account: str) -> None:
    """Keep that somebody failed at an account, without its name."""
    traces = _traces(request, account)
    log.warning("sign-in failed", **traces)
    try:
        record_security_event(
            action="sign-in.failed", source=traces["source"], detail={"account": traces["account"]}
        )
    except DatabaseError as error:
        log.error("security event not kept", why=type(error).__name__)
