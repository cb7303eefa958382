"""What a page says after something was done, or refused, and where it goes on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from warmline.kernel.errors import BadInput, Conflict, NotAllowed, Unavailable


def done(
    request: HttpRequest, act: Callable[[], object], *, told: str, to: str, **ids: Any
) -> HttpResponse:
    """Act, then lead to the page of that name with what came of it: a refusal in its own words."""
    try:
        act()
    except (BadInput, Conflict, NotAllowed, Unavailable) as error:
        sentence = str(error)
        messages.error(request, f"{sentence[:1].upper()}{sentence[1:]}.")
    else:
        messages.success(request, told)
    return see(to, **ids)


def see(to: str, **ids: Any) -> HttpResponse:
    """To the page of that name, after a form was taken (303)."""
    response: HttpResponse = redirect(to, **ids)
    response.status_code = 303
    return response
