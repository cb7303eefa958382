"""The pages of the documentation: for whoever comes, signed in or not."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.api_docs import reading
from tenants.api.document.codes import codes
from tenants.api.limits import QUOTAS
from tenants.context import as_tenant
from tenants.queries import membership
from tenants.web import session_tenant
from warmline.kernel.errors import NotAllowed, NotFound

_FOLDER = "dashboard/api_docs"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The quick start, what holds for every operation, and all of them."""
    return _page(request, "overview", {"quotas": QUOTAS})


@require_safe
def resource(request: HttpRequest, tag: str) -> HttpResponse:
    """The operations of one resource, each with examples that can be run."""
    try:
        shown = reading.resource(tag)
    except NotFound as error:
        raise Http404(str(error)) from error
    return _page(request, "resource", {"resource": shown})


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Every code that a refusal may carry."""
    return _page(request, "problems", {"codes": codes()})


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    _know_the_member(request)
    shared = {
        "section": "api",
        "here": context.get("resource", name),
        "resources": reading.resources(),
        "origin": settings.PUBLIC_URL,
    }
    return render(request, f"{_FOLDER}/{name}.html", shared | context)


def _know_the_member(request: Any) -> None:
    """So that the frame offers a member their company's pages."""
    if not request.user.is_authenticated:
        return
    with suppress(NotAllowed), as_tenant(session_tenant(request)):
        request.membership = membership(request.user.pk)
