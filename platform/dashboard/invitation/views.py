"""Accepting an invitation, with an account that is there or with a new one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.invitation.forms import NewcomerForm
from tenants.people import invitations, queries
from tenants.people.newcomers import accept_as_newcomer, has_account
from tenants.web import SESSION_TENANT
from warmline.kernel.errors import BadInput, Conflict, NotAllowed, NotFound

PAGE = "dashboard/invitation/invitation.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, invitation_token: str) -> HttpResponse:
    """What is offered, to whom, and by whom; a POST accepts it."""
    try:
        offer = queries.open_invitation(invitation_token)
    except NotFound:
        return render(request, "dashboard/invitation/gone.html", status=404)
    person: Any = request.user
    if person.is_authenticated:
        return _signed_in(request, invitation_token, offer, person)
    return _newcomer(request, invitation_token, offer)


def _signed_in(request: HttpRequest, token: str, offer: Any, person: Any) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            place = invitations.accept_invitation(token, user=person)
        except (Conflict, NotAllowed, NotFound) as error:
            problem = str(error)
        else:
            request.session[SESSION_TENANT] = place.tenant_id
            messages.success(request, f"Welcome to {place.name}.")
            return _see(reverse("home"))
    context = {"offer": offer, "problem": problem}
    return render(request, PAGE, context, status=409 if problem else 200)


def _newcomer(request: HttpRequest, token: str, offer: Any) -> HttpResponse:
    """Who has an account signs in first; who has none opens one with the invited address."""
    sign_in = f"{reverse('sign-in')}?next={reverse('invitation', args=[token])}"
    form = None
    if not has_account(offer.email):
        form = NewcomerForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                place = accept_as_newcomer(token, **form.cleaned_data)
            except BadInput as error:
                form.add_problem(error)
            except (Conflict, NotFound) as error:
                form.add_error(None, str(error))
            else:
                messages.success(
                    request, f"Your account is open, and you belong to {place.name}: sign in."
                )
                return _see(reverse("sign-in"))
    context = {"offer": offer, "form": form, "sign_in": sign_in}
    wrong = form is not None and bool(form.errors)
    return render(request, PAGE, context, status=422 if wrong else 200)


def _see(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = 303
    return response
