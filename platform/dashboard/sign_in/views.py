"""Signing in, and what keeps others from guessing a password."""

import hashlib

import redis
import structlog
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase

WINDOW_S = 15 * 60
MOST_FROM_ONE_ADDRESS = 10
# of one account, wherever they come from: many addresses guess together, and its owner seldom errs
MOST_IN_ALL = 100

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
        """Sign in, or say what is wrong: 429 where too many tries failed."""
        if _tried_too_often(request):
            context = self.get_context_data(form=self.get_form(), refused_minutes=WINDOW_S // 60)
            return self.render_to_response(
                context, status=429, headers={"Retry-After": str(WINDOW_S)}
            )
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The page again, and one failure more."""
        _note_failure(self.request)
        return super().form_invalid(form)


def _counters(request: HttpRequest) -> dict[str, int]:
    """The counts that a try is held to, and how far each may go."""
    account = hashlib.sha256(request.POST.get("username", "").strip().lower().encode()).hexdigest()
    address = request.META.get("REMOTE_ADDR", "")
    return {
        f"sign-in:{account}:{address}": MOST_FROM_ONE_ADDRESS,
        f"sign-in:{account}": MOST_IN_ALL,
    }


def _tried_too_often(request: HttpRequest) -> bool:
    counters = _counters(request)
    try:
        failures = cache.get_many(counters)
    except redis.RedisError as error:
        # Nobody is locked out by it, and hashing a password is slow enough meanwhile.
        log.warning("sign-ins are not counted", why=type(error).__name__)
        return False
    return any(count >= counters[key] for key, count in failures.items())


def _note_failure(request: HttpRequest) -> None:
    try:
        for key in _counters(request):
            cache.add(key, 0, timeout=WINDOW_S)
            cache.incr(key)
    except redis.RedisError as error:
        log.warning("sign-ins are not counted", why=type(error).__name__)
    except ValueError:  # the window ended between the two
        return
