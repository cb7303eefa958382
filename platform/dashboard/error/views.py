"""Refusals as people and programs read them: a page, or one JSON object for the API.

Nothing here asks the database, a session or who is signed in: the page of a 500 must not be
another 500.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from telephony.carriers import registry
from tenants.api import request_ids
from tenants.api.problems import MEDIA_TYPE, plain_problem

# What programs ask for: they are told in JSON, and carriers in plain text.
_API: Final = "/api/"
_FOR_PROGRAMS: Final = (_API, "/internal/", "/metrics")
_PAGE: Final = "dashboard/error/error.html"


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    sentence: str


_WORDS: Final = {
    400: _Words("That could not be read", "The request was not as expected. Go back, try again."),
    401: _Words("Who is asking?", "A credential is missing, or is none of ours."),
    403: _Words("This is not open to you", "Your account does not reach this page."),
    404: _Words(
        "There is nothing here",
        "The address may be mistyped, or what it showed is gone or belongs to another company.",
    ),
    405: _Words("This is no page", "Something is sent to this address; there is nothing to see."),
    408: _Words("That took too long", "The request did not arrive whole in time. Try again."),
    413: _Words("That is too large", "More was sent than this address takes."),
    429: _Words("Too many at once", "Wait a moment, then try again."),
    500: _Words(
        "Something broke on our side",
        "It has been noted. Calls go on meanwhile; try this page again in a minute.",
    ),
    503: _Words("Busy right now", "Calls go on meanwhile; try this page again in a moment."),
}
_FORM_TOO_OLD: Final = _Words(
    "This form is out of date",
    "It was open for too long, or cookies are off. Go back, reload the page and send it again.",
)


def refusal(path: str, *, status: int, sentence: str = "") -> HttpResponse:
    """A refusal in the form that whoever asks for this path reads; by default in our own words."""
    words = _WORDS.get(status, _WORDS[500 if status >= 500 else 400])
    return _answer(path, status=status, words=_Words(words.title, sentence or words.sentence))


def _answer(path: str, *, status: int, words: _Words) -> HttpResponse:
    if path.startswith(_API):
        response: HttpResponse = _problem(status, words.sentence)
    elif path.startswith(_FOR_PROGRAMS):
        response = JsonResponse({"error": words.sentence}, status=status)
    elif path.startswith(_carriers()):
        response = HttpResponse(words.sentence, status=status, content_type="text/plain")
    else:
        sentence = words.sentence[:1].upper() + words.sentence[1:]
        context = {"status": status, "title": words.title, "sentence": sentence}
        response = HttpResponse(render_to_string(_PAGE, context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def _problem(status: int, sentence: str) -> HttpResponse:
    body = plain_problem(status, detail=sentence)
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    # Where the middleware did not get to see the request.
    response[request_ids.HEADER] = body["instance"]
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: with our own sentence where there is one, never with what Django says to developers."""
    sentence = str(exception) if isinstance(exception, BadRequest) else ""
    return refusal(request.path, status=400, sentence=sentence)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason."""
    sentence = str(exception) if isinstance(exception, PermissionDenied) else ""
    return refusal(request.path, status=403, sentence=sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; a program is told what there is not, a person that there is nothing."""
    said = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    # An address that no view has is told as Django's list of all the others.
    for_a_program = request.path.startswith(_FOR_PROGRAMS) and isinstance(said, str)
    return refusal(request.path, status=404, sentence=said if for_a_program else "")


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return refusal(request.path, status=500)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token, or from another site."""
    return _answer(request.path, status=403, words=_FORM_TOO_OLD)


@cache
def _carriers() -> tuple[str, ...]:
    return tuple(f"/{name}/" for name in registry.names())
