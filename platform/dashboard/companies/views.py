"""The companies that a person may enter."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from dashboard.outcomes import see
from tenants.queries import memberships
from tenants.web import SESSION_TENANT, choose_tenant
from warmline.kernel.errors import BadInput, NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def companies(request: HttpRequest) -> HttpResponse:
    """All of one's own; a POST goes on to the one it names."""
    person: Any = request.user
    if not person.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        return _enter(request)
    context = {
        "section": "companies",
        "memberships": memberships(person.pk),
        "present": request.session.get(SESSION_TENANT),
    }
    return render(request, "dashboard/companies/companies.html", context)


def _enter(request: HttpRequest) -> HttpResponse:
    try:
        place = choose_tenant(request, request.POST.get("to", ""))
    except (BadInput, NotAllowed):
        messages.error(request, "You are no member of that company.")
        return see("companies")
    messages.success(request, f"You are in {place.name} now.")
    return see("home")
