"""Signing in: the password, then what the account has beside it; or a passkey, or a provider."""

from typing import Any

import structlog
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from requests import RequestException

from dashboard.sign_in.forms import PasswordForm
from dashboard.sign_in.refusals import BUSY_RETRY_S
from tenants.accounts import limits
from tenants.accounts.single_sign_on import is_offered, is_required_of
from tenants.emails import normal_email
from tenants.errors import TooManyAtOnce, TooManyTries

log = structlog.get_logger()


class SignIn(LoginView):
    """The sign-in page.

    An account that was tried too often is refused for a while, with the right password too.
    """

    template_name = "dashboard/sign_in/sign_in.html"
    form_class = PasswordForm

    # Django's own is untyped.
    def post(  # type: ignore[override]
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        """Sign in, or say what is wrong: 429 where too many tries failed, or come at once."""
        if is_required_of(normal_email(request.POST.get("username", ""))):
            return self._refused(f"Your company signs in with {settings.SSO_NAME}.", status=403)
        try:
            return super().post(request, *args, **kwargs)
        except TooManyTries as error:
            return self._refused(str(error), status=429, wait_s=error.wait_s)
        except TooManyAtOnce:
            problem = "Many people sign in right now. Try again in a moment."
            return self._refused(problem, status=429, wait_s=BUSY_RETRY_S)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """In, or on to what comes after the password."""
        user = form.get_user()
        login = Login(user=user, email=user.email, redirect_url=self.get_success_url())
        return perform_password_login(self.request, {"email": user.email}, login)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What else there is to sign in by."""
        return {
            **super().get_context_data(**kwargs),
            "provider": settings.SSO_NAME if is_offered() else "",
            "may_sign_up": settings.SIGN_UP,
        }

    def _refused(self, problem: str, *, status: int, wait_s: int = 0) -> HttpResponse:
        # The form is shown as it was sent, without asking whether its password is right.
        account = normal_email(self.request.POST.get("username", ""))
        form = self.form_class(self.request, initial={"username": account[:254]})
        headers = {"Retry-After": str(wait_s)} if wait_s else None
        context = self.get_context_data(form=form, problem=problem)
        return self.render_to_response(context, status=status, headers=headers)


class SecondFactor(AuthenticateView):
    """What is asked after the password: a code, or a passkey."""

    template_name = "dashboard/sign_in/code.html"


class Passkey(LoginWebAuthnView):
    """Signing in by a passkey alone: GET is what the browser asks it for, POST its answer."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """JSON for the page's script."""
        limits.count_challenge(request)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


class _Provider(OpenIDConnectOAuth2Adapter):
    """The operator's provider; it sends people back to the public address."""

    def get_callback_url(self, request: HttpRequest, app: object) -> str:
        """Whatever host the request named."""
        return settings.PUBLIC_URL + reverse("openid_connect_callback")


def provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider; 404 where the operator named none."""
    limits.count_challenge(request)
    return _at_provider(OAuth2LoginView, request, provider_id)


def provider_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from it."""
    return _at_provider(OAuth2CallbackView, request, provider_id)


def _at_provider(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    if not is_offered():
        raise Http404
    try:
        answer: HttpResponseBase = view.adapter_view(_Provider(request, provider_id))(request)
    except (RequestException, KeyError) as error:
        log.warning("single sign-on failed", why=type(error).__name__)
        messages.error(request, f"{settings.SSO_NAME} does not answer. Try again in a moment.")
        return redirect("sign-in")
    return answer
