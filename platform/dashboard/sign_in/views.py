"""Signing in, and what keeps others from guessing a password."""

import secrets
from typing import Any, Final

import structlog
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tenants import attempts
from tenants.actions import record_security_event
from tenants.attempts import Counter, digest, network
from tenants.emails import normal_email
from tenants.errors import TooManyAtOnce

WINDOW_S: Final = 15 * 60
LONGEST_WAIT_S: Final = 4 * 3600
FORGOTTEN_AFTER_S: Final = 24 * 3600
# of one account from one address, and of one account from a browser that has signed in to it before
MOST_FROM_ONE_ADDRESS = 10
# of one account, wherever they come from: many addresses guess together, and its owner seldom errs
MOST_IN_ALL = 100
# from one address, whatever accounts: an office may share it
MOST_OF_AN_ADDRESS = 50
BUSY_RETRY_S: Final = 2
# A browser in which somebody signed in keeps it: what others fail at does not lock its owner out.
KNOWN_BROWSER: Final = "warmline_browser"
KNOWN_BROWSER_S: Final = 180 * 24 * 3600

log = structlog.get_logger()


class SignIn(LoginView):
    """The sign-in page.

    An account that was tried too often is refused for a while, with the right password too.
    """

    template_name = "dashboard/sign_in/sign_in.html"

    # Django's own is untyped.
    def post(  # type: ignore[override]
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        """Sign in, or say what is wrong: 429 where too many tries failed, or come at once."""
        self.account = normal_email(request.POST.get("username", ""))
        self.counters = _counters(request, self.account)
        wait_s = attempts.begin(self.counters)
        if wait_s:
            log.warning("sign-in refused", **_traces(request, self.account), wait_s=wait_s)
            return self._refused(wait_s, refused_minutes=-(-wait_s // 60))
        try:
            return super().post(request, *args, **kwargs)
        except TooManyAtOnce:
            attempts.take_back(self.counters)
            return self._refused(BUSY_RETRY_S, busy=True)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """In; the failures before were the owner's own."""
        response = super().form_valid(form)
        own, *others = self.counters
        attempts.forget(own)
        attempts.take_back(others)
        response.set_signed_cookie(
            KNOWN_BROWSER,
            _known_browser(self.request, self.account) or secrets.token_hex(16),
            salt=_browser_salt(self.account),
            max_age=KNOWN_BROWSER_S,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The page again, and one failure more where a password was tried."""
        if form.has_error(NON_FIELD_ERRORS):
            _leave_trace(self.request, self.account)
        else:
            attempts.take_back(self.counters)
        return super().form_invalid(form)

    def _refused(self, wait_s: int, **context: Any) -> HttpResponse:
        # The form is shown as it was sent, without asking whether its password is right.
        form = self.form_class(self.request, initial={"username": self.account[:254]})
        return self.render_to_response(
            self.get_context_data(form=form, **context),
            status=429,
            headers={"Retry-After": str(wait_s)},
        )


def _counters(request: HttpRequest, account: str) -> tuple[Counter, ...]:
    """What a try is counted by; the first is its owner's own."""
    name, address = digest(account), network(request.META.get("REMOTE_ADDR", ""))
    browser = _known_browser(request, account)
    own = Counter(
        f"sign-in:{name}:{browser or address}",
        most=MOST_FROM_ONE_ADDRESS,
        window_s=FORGOTTEN_AFTER_S,
        wait_s=WINDOW_S,
        longest_wait_s=LONGEST_WAIT_S,
    )
    if browser:
        return (own,)
    return (own, _of_all(f"sign-in:{name}", MOST_IN_ALL), _of_all(address, MOST_OF_AN_ADDRESS))


def _of_all(key: str, most: int) -> Counter:
    return Counter(key, most=most, window_s=WINDOW_S, wait_s=60, longest_wait_s=WINDOW_S)


def _known_browser(request: HttpRequest, account: str) -> str:
    """The random word that this browser was given when somebody signed in to the account in it."""
    word = request.get_signed_cookie(
        KNOWN_BROWSER, default="", salt=_browser_salt(account), max_age=KNOWN_BROWSER_S
    )
    return str(word)


def _browser_salt(account: str) -> str:
    return f"{KNOWN_BROWSER}:{digest(account)}"


def _traces(request: HttpRequest, account: str) -> dict[str, str]:
    return {"account": digest(account), "source": network(request.META.get("REMOTE_ADDR", ""))}


def _leave_trace(request: HttpRequest, account: str) -> None:
    traces = _traces(request, account)
    log.warning("sign-in failed", **traces)
    try:
        record_security_event(
            action="sign-in.failed", source=traces["source"], detail={"account": traces["account"]}
        )
    except DatabaseError as error:
        log.error("security event not kept", why=type(error).__name__)
