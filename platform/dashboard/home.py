"""The way in: the address without a path."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def home(request: HttpRequest) -> HttpResponse:
    """To the calls, or for an operator to the pools; whoever is not signed in signs in first."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return redirect("pools" if request.user.is_staff else "calls")
