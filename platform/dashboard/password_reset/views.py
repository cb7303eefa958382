"""A new password by a link; the same answer whether or not the address has an account."""

from typing import Any

from allauth.account.forms import ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.views import PasswordResetFromKeyView, PasswordResetView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.generic import TemplateView

from dashboard.account.fields import address_field, new_password_field
from tenants.accounts import limits
from tenants.mail import mailbox
from tenants.mail.outbox import check_configured


class AskForm(ResetPasswordForm):
    """The address that a link goes to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = address_field("E-mail", autocomplete="username")


class NewPasswordForm(ResetPasswordKeyForm):
    """The password that is to be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.clear()
        self.fields["password1"] = new_password_field("New password")


class AskForLink(PasswordResetView):
    """Where one who forgot the password asks for a link."""

    template_name = "dashboard/password_reset/ask.html"

    def get_form_class(self) -> Any:
        """With our words."""
        return AskForm

    def form_valid(self, form: Any) -> HttpResponse:
        """To the page that says to look into the mail."""
        check_configured()
        limits.count_link(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class Sent(TemplateView):
    """What comes next."""

    template_name = "dashboard/password_reset/sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the mail is to be found on this machine."""
        return {**super().get_context_data(**kwargs), "has_mailbox": mailbox.is_open()}


class Choose(PasswordResetFromKeyView):
    """The link in the mail; once a password is chosen, every sign-in has ended and so has it."""

    template_name = "dashboard/password_reset/choose.html"
    success_url = reverse_lazy("sign-in")

    def get_form_class(self) -> Any:
        """One field: whoever mistypes asks for another link."""
        return NewPasswordForm
