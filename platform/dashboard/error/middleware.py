"""What every answer has: no cache keeps it, and a refused method has a page."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseNotAllowed

from dashboard.error.views import refusal


def refusals_are_pages(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: `no-store` where the answer says nothing else, and a page for a wrong method.

    Callers' words and numbers stand on nearly every page: no cache on the way, nor the browser's
    own, shows them to whoever comes next. Static files are answered before this.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            page = refusal(request.path, status=405)
            page["Allow"] = response["Allow"]
            response = page
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer
