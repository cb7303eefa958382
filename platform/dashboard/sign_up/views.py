"""Opening an account: the same answer whether or not the address has one already."""

from typing import Any

from allauth.account.internal.flows.signup import complete_signup, prevent_enumeration
from allauth.account.views import ConfirmEmailView
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

from dashboard.sign_up.forms import CompanyForm, SignUpForm
from tenants.accounts import limits
from tenants.accounts.actions import found_company, sign_up
from tenants.context import control_transaction
from tenants.errors import AddressTaken
from tenants.mail import mailbox
from tenants.mail.outbox import check_configured
from tenants.web import SESSION_TENANT
from warmline.kernel.errors import BadInput


class SignUp(FormView):  # type: ignore[type-arg]  # Django's takes none when it runs
    """A person opens an account with a company on trial; a link by mail confirms the address."""

    template_name = "dashboard/sign_up/sign_up.html"
    form_class = SignUpForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Not for whoever is inside, nor where the operator closed it."""
        if request.user.is_authenticated:
            return redirect("home")
        if not settings.SIGN_UP:
            self.template_name = "dashboard/sign_up/closed.html"
            return self.render_to_response(self.get_context_data(), status=403)
        check_configured()
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        """To the page that says to look into the mail, whoever has the address."""
        limits.count_sign_up(self.request)
        words = form.sign_up_words()
        try:
            user, _ = sign_up(**words)
        except AddressTaken:
            return prevent_enumeration(self.request, email=words["email"])
        except BadInput as error:
            form.add_problem(error)
            return self.form_invalid(form)
        return complete_signup(self.request, user=user)

    def form_invalid(self, form: SignUpForm) -> HttpResponse:
        """The form again, with what is wrong beside each field."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Sent(TemplateView):
    """What comes next: a link is on its way."""

    template_name = "dashboard/sign_up/sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the mail is to be found on this machine."""
        return {**super().get_context_data(**kwargs), "has_mailbox": mailbox.is_open()}


class Confirm(ConfirmEmailView):
    """The link in the mail: a button, since programs follow links too."""

    template_name = "dashboard/sign_up/confirm.html"

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirmed; inside at once in the browser that signed up."""
        try:
            with control_transaction():
                response: HttpResponse = super().post(*args, **kwargs)
        except IntegrityError:
            messages.error(self.request, "That address belongs to another account.")
            return redirect("sign-in")
        return response


class NewCompany(FormView):  # type: ignore[type-arg]  # Django's takes none when it runs
    """Somebody who has an account founds a company, and looks at it at once."""

    template_name = "dashboard/sign_up/company.html"
    form_class = CompanyForm

    def form_valid(self, form: CompanyForm) -> HttpResponse:
        """Into it."""
        limits.count_sign_up(self.request)
        user: Any = self.request.user
        try:
            tenant = found_company(user, form.new_company())
        except BadInput as error:
            form.add_problem(error)
            return self.form_invalid(form)
        self.request.session[SESSION_TENANT] = tenant.tenant_id
        messages.success(self.request, f"{tenant.name} is founded; its trial lasts 14 days.")
        return redirect("home")

    def form_invalid(self, form: CompanyForm) -> HttpResponse:
        """The form again, with what is wrong beside each field."""
        return self.render_to_response(self.get_context_data(form=form), status=422)
