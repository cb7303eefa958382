"""The way in: password, authenticator app, passkeys, recovery codes."""

from typing import Any

from allauth.account.views import PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import IndexView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from dashboard.account.forms import PasswordAgainForm, PasswordChangeForm
from tenants.accounts.codes import note_step
from tenants.accounts.single_sign_on import is_required_of
from tenants.context import control_transaction

CONTEXT = {"section": "account", "tab": "security"}


class InOneTransaction:
    """A view whose writes about a person are all or nothing. None of these checks a password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The view, and its commit."""
        with control_transaction():
            view: Any = super()
            response: HttpResponseBase = view.dispatch(request, *args, **kwargs)
        return response


class Security(IndexView):
    """What there is to sign in by."""

    template_name = "dashboard/account/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Beside the factors, whether there is a password."""
        user: Any = self.request.user
        return {
            **super().get_context_data(**kwargs),
            **CONTEXT,
            "has_password": user.has_usable_password(),
            "by_provider": is_required_of(user.email),
        }


class Password(PasswordChangeView):
    """Another password; every other sign-in ends with the one that was."""

    template_name = "dashboard/account/password.html"
    extra_context = CONTEXT

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For whoever has one: others are mailed a link."""
        user: Any = request.user
        if not user.has_usable_password():
            messages.info(request, "You have no password yet: ask for a link to choose one.")
            return redirect("account_reset_password")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_form_class(self) -> Any:
        """The present one, and the new one."""
        return PasswordChangeForm

    def get_default_success_url(self) -> str:
        """Back to where it stands."""
        return reverse("mfa_index")


class PasswordAgain(ReauthenticateView):
    """The password once more, before something that matters."""

    template_name = "dashboard/account/again_password.html"
    extra_context = CONTEXT

    def get_form_class(self) -> Any:
        """One field."""
        return PasswordAgainForm


class CodeAgain(CodeAgainView):
    """A code once more."""

    template_name = "dashboard/account/again_code.html"
    extra_context = CONTEXT


class PasskeyAgain(ReauthenticateWebAuthnView):
    """A passkey once more."""

    template_name = "dashboard/account/again_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the alternatives, which the library's own leaves out."""
        alternatives = self.get_reauthentication_alternatives()
        return {
            **super().get_context_data(**kwargs),
            **CONTEXT,
            "reauthentication_alternatives": alternatives,
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, with a sentence."""
        messages.error(self.request, "That passkey was not accepted.")
        return redirect(self.request.get_full_path())


class AppOn(InOneTransaction, ActivateTOTPView):
    """An authenticator app is set up: it scans, and shows its first code."""

    template_name = "dashboard/account/app_on.html"
    extra_context = CONTEXT

    def form_valid(self, form: Any) -> HttpResponse:
        """Set up; the code that showed it is used up."""
        response: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)
        note_step(app, form.cleaned_data["code"])
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The key, in fours, for whoever cannot scan."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        fours = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return {**context, "key": " ".join(fours)}


class AppOff(InOneTransaction, DeactivateTOTPView):
    """The authenticator app is removed."""

    template_name = "dashboard/account/app_off.html"
    extra_context = CONTEXT


class RecoveryCodes(InOneTransaction, ViewRecoveryCodesView):
    """Ten codes for the day on which the telephone is gone; each works once."""

    template_name = "dashboard/account/recovery_codes.html"
    extra_context = CONTEXT


class NewRecoveryCodes(InOneTransaction, GenerateRecoveryCodesView):
    """Ten others in their place."""

    template_name = "dashboard/account/new_recovery_codes.html"
    extra_context = CONTEXT


class AddPasskey(InOneTransaction, AddWebAuthnView):
    """A passkey is made by this device."""

    template_name = "dashboard/account/add_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser is asked; the form with what was wrong."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # The library's leaves out what it is given: a form with what was wrong in it.
        return {**context, **CONTEXT, **kwargs}


class RemovePasskey(InOneTransaction, RemoveWebAuthnView):
    """A passkey opens nothing any more."""

    template_name = "dashboard/account/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")
    extra_context = CONTEXT
