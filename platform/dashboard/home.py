"""The way in: the address without a path."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenants.queries import memberships
from tenants.web import SESSION_TENANT


def home(request: HttpRequest) -> HttpResponse:
    """To the calls, or for an operator to the pools; whoever is not signed in signs in first.

    Somebody who belongs to no company may found one.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.user.is_staff:
        return redirect("pools")
    if SESSION_TENANT not in request.session and not memberships(request.user.pk):
        return redirect("new-company")
    return redirect("calls")
