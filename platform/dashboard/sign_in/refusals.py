"""What the pages around an account answer where too much was tried, or nothing can be mailed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.http.response import HttpResponseBase

from dashboard.error.views import refusal
from tenants.errors import NoMail, TooManyAtOnce, TooManyTries
from tenants.web import find_membership

BUSY_RETRY_S: Final = 2
View = Callable[..., HttpResponseBase]


def entrance(view: View) -> View:
    """A page for whoever is not signed in: 429 for what was tried too often, 503 without mail."""

    @wraps(view)
    def answer(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except TooManyTries as error:
            return _later(request, error, status=429, wait_s=error.wait_s)
        except TooManyAtOnce as error:
            return _later(request, error, status=429, wait_s=BUSY_RETRY_S)
        except NoMail as error:
            return refusal(request.path, status=503, sentence=str(error))

    return answer


def persons_page(view: View) -> View:
    """A page of the one who is signed in, whatever company they look at; refusals as above."""

    @wraps(view)
    def answer(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.membership = find_membership(request)
        return view(request, *args, **kwargs)

    return entrance(answer)


def _later(request: Any, error: Exception, *, status: int, wait_s: int) -> HttpResponseBase:
    page = refusal(request.path, status=status, sentence=str(error))
    page["Retry-After"] = str(wait_s)
    return page
