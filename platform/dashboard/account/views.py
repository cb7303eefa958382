"""A person's own pages: name and address, the way in, where they are signed in, the end."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from dashboard.account.forms import EmailForm, NameForm
from tenants.accounts.actions import delete_account, rename
from tenants.accounts.sign_ins import end_other_sign_ins, end_sign_in, sign_ins
from tenants.accounts.single_sign_on import vouches_for
from tenants.queries import memberships
from warmline.kernel.errors import BadInput, NotAllowed, NotFound

SECTION = "account"


def overview(request: Any) -> HttpResponse:
    """Name, address, companies; POST changes the name."""
    user = request.user
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename(user, name=form.cleaned_data["name"])
        except BadInput as error:
            form.add_problem(error)
        else:
            messages.success(request, "Your name is changed.")
            return redirect("account")
    context = {
        "section": SECTION,
        "tab": "account",
        "form": form,
        "new_address": EmailAddress.objects.get_new(user),
        "companies": memberships(user.pk),
        "by_provider": vouches_for(user.email),
    }
    return render(
        request, "dashboard/account/account.html", context, status=422 if form.errors else 200
    )


class Email(EmailView):
    """Another address: it counts from when its link was opened."""

    template_name = "dashboard/account/email.html"
    success_url = reverse_lazy("account")
    extra_context = {"section": SECTION, "tab": "account"}

    def get_form_class(self) -> Any:
        """With our words."""
        return EmailForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A link goes to the new address."""
        if "action_remove" in request.POST:
            EmailAddress.objects.filter(user_id=request.user.pk, primary=False).delete()
            return redirect("account")
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        """Told what to do next."""
        response: HttpResponse = super().form_valid(form)
        messages.info(self.request, "A link is on its way to the new address.")
        return response


def devices(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    context = {"section": SECTION, "tab": "sessions", "sign_ins": sign_ins(request)}
    return render(request, "dashboard/account/sessions.html", context)


@require_POST
def end_device(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """End one sign-in."""
    try:
        end_sign_in(request, sign_in_id)
    except NotFound as error:
        raise Http404(str(error)) from error
    messages.success(request, "That sign-in has ended.")
    return redirect("account-sessions")


@require_POST
def end_other_devices(request: HttpRequest) -> HttpResponse:
    """End all but this one."""
    ended = end_other_sign_ins(request)
    messages.success(request, f"{ended} other sign-in{'' if ended == 1 else 's'} ended.")
    return redirect("account-sessions")


@reauthentication_required(app="allauth.account")
def delete(request: Any) -> HttpResponseBase:
    """The page that asks, and the end."""
    problem = ""
    if request.method == "POST":
        try:
            delete_account(request.user)
        except NotAllowed as error:
            problem = str(error)
        else:
            logout(request)
            messages.success(request, "Your account is deleted.")
            return redirect("sign-in")
    context = {
        "section": SECTION,
        "tab": "account",
        "problem": problem[:1].upper() + problem[1:],
        "companies": memberships(request.user.pk),
    }
    status = 409 if problem else 200
    return render(request, "dashboard/account/delete.html", context, status=status)
