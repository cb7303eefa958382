"""Where django-allauth meets this house: its words, mail, addresses, passwords and providers."""

import time
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tenants.accounts import limits
from tenants.accounts.sealing import SECOND_FACTOR, seal, unseal
from tenants.accounts.sign_ins import device_of
from tenants.accounts.single_sign_on import is_required_of, vouches_for
from tenants.context import CONTROL
from tenants.emails import normal_email
from tenants.hashing import password_hash
from tenants.live_sessions import end_sockets_of_user
from tenants.mail.letters import compose
from tenants.mail.outbox import post
from tenants.models import User

REAUTHENTICATION_TIMEOUT_S: Final = 900

log = structlog.get_logger()

# What a person is told after something was done; of the rest the page itself tells.
MESSAGES: Final = {
    "account/messages/email_confirmed.txt": "Your address is confirmed.",
    "account/messages/email_confirmation_failed.txt": "That address belongs to another account.",
    "account/messages/password_changed.txt": "Your password is changed; other sign-ins have ended.",
    "account/messages/password_set.txt": "Your password is set.",
    "mfa/messages/totp_activated.txt": "Your authenticator app is set up.",
    "mfa/messages/totp_deactivated.txt": "Your authenticator app is removed.",
    "mfa/messages/webauthn_added.txt": "Your passkey is added.",
    "mfa/messages/webauthn_removed.txt": "Your passkey is removed.",
    "mfa/messages/recovery_codes_generated.txt": "Here are new recovery codes.",
}
LETTERS: Final = {
    "account/email/email_confirmation_signup": "confirm_sign_up",
    "account/email/email_confirmation": "confirm_address",
    "account/email/password_reset_key": "reset_password",
    "account/email/account_already_exists": "account_exists",
    "account/email/unknown_account": "unknown_account",
}
# What is told by mail, for its owner to see who did it.
NOTICES: Final = {
    "account/email/password_changed": "Your password was changed.",
    "account/email/password_reset": "Your password was reset by a link that was mailed to you.",
    "account/email/password_set": "A password was set for your account.",
    "account/email/email_changed": "Your account has a new e-mail address.",
    "mfa/email/totp_activated": "An authenticator app was set up for your account.",
    "mfa/email/totp_deactivated": "The authenticator app of your account was removed.",
    "mfa/email/webauthn_added": "A passkey was added to your account.",
    "mfa/email/webauthn_removed": "A passkey of your account was removed.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your account.",
    "socialaccount/email/account_connected": "Your account can be entered by single sign-on.",
}


class AccountAdapter(DefaultAccountAdapter):
    """Addresses in their one spelling, links by the public address, mail by the outbox."""

    def clean_email(self, email: str) -> str:
        """The address in the spelling under which it is kept."""
        return normal_email(email)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """As the operator set it."""
        return bool(settings.SIGN_UP)

    def add_message(  # noqa: PLR0917  the library's own
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """One sentence of ours, where there is one for it."""
        sentence = message or MESSAGES.get(message_template or "")
        if sentence:
            messages.add_message(request, level, sentence, extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox: a job sends it after the commit."""
        if notice := NOTICES.get(template_prefix):
            letter = compose(
                "tenants/mail/notice.txt",
                notice=notice,
                to_email=context.get("to_email", ""),
                at=context.get("timestamp"),
                address=context.get("ip", ""),
                device=device_of(context.get("user_agent", "")),
                account_url=settings.PUBLIC_URL + reverse("account"),
            )
        else:
            letter = compose(
                f"tenants/mail/{LETTERS[template_prefix]}.txt",
                url=context.get("activate_url") or context.get("password_reset_url") or "",
                sign_in_url=settings.PUBLIC_URL + reverse("sign-in"),
                reset_url=settings.PUBLIC_URL + reverse("account_reset_password"),
            )
        post(letter, to=email)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the web plane's door took it."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """By the public address, whatever host the request named."""
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return f"{settings.PUBLIC_URL}{path}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """By the public address, whatever host the request named."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.PUBLIC_URL}{path}"

    def is_safe_url(self, url: str) -> bool:
        """Only to a page of ours: a path, or the public address."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={urlsplit(settings.PUBLIC_URL).netloc}
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only what a passkey's script asks for is answered in JSON."""
        asked_by_script = request.headers.get("Accept") == "application/json"
        return asked_by_script and request.path == reverse("mfa_login_webauthn")

    def set_password(self, user: Any, password: str) -> None:
        """Keep a new password, hashed in its turn; what is open elsewhere ends with the old one."""
        user.password = password_hash(password)
        user.save(using=CONTROL, update_fields=["password"])
        user.known_fingerprint = None
        end_sockets_of_user(user.pk)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether it is the user's password; `TooManyTries` after too many that were not."""
        assert self.request is not None
        return limits.tried(
            self.request,
            limits.of_password(self.request, user.email),
            account=user.email,
            check=lambda: user.check_password(password),
        )

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """A refusal, or None: people of some domains come in by their provider alone.

        Whom it vouches for has shown that the address is theirs.
        """
        methods = {record["method"] for record in get_authentication_records(request, user)}
        if "socialaccount" in methods and vouches_for(user.email):
            own = EmailAddress.objects.filter(user_id=user.pk, email=user.email)
            own.filter(verified=False).update(verified=True)
        elif is_required_of(user.email):
            messages.error(request, f"Sign in with {settings.SSO_NAME}: your domain requires it.")
            return HttpResponseRedirect(reverse("sign-in"))
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """In; from now on the browser is known."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        limits.know_browser(request, response, user.email)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Back to the sign-in page, with a sentence."""
        messages.error(request, "That account is closed.")
        return HttpResponseRedirect(reverse("sign-in"))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Unless the provider has just said who it is."""
        assert self.request is not None
        user: Any = self.request.user
        records = get_authentication_records(self.request, user)
        by_provider = [r["at"] for r in records if r["method"] == "socialaccount"]
        return not by_provider or time.time() - max(by_provider) > REAUTHENTICATION_TIMEOUT_S

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The password, a second factor; for whoever has neither, the provider."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not methods and user.is_authenticated and vouches_for(user.email):
            url = reverse("openid_connect_login")
            methods.append({"id": "provider", "description": settings.SSO_NAME, "url": url})
        return methods


class MfaAdapter(DefaultMFAAdapter):
    """Secrets sealed at rest; passkeys belong to the public address."""

    def encrypt(self, text: str) -> str:
        """As it lies in the table."""
        return seal(text, purpose=SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        """As it is used."""
        return unseal(encrypted_text, purpose=SECOND_FACTOR)

    def get_totp_issuer(self) -> str:
        """What an authenticator app shows."""
        return "Warmline"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a passkey belongs to: no number is a name to browsers, `localhost` is."""
        return {"id": passkey_host(), "name": "Warmline"}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """A provider vouches for the addresses of its domains, and for nobody else's."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse whoever it does not vouch for, before anything is looked up or written."""
        addresses = sociallogin.email_addresses
        for address in addresses:
            address.email = normal_email(address.email)
        if not any(address.verified and vouches_for(address.email) for address in addresses):
            messages.error(
                request,
                f"{settings.SSO_NAME} did not name a confirmed address of "
                f"{', '.join(settings.SSO_DOMAINS)}.",
            )
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("sign-in")))

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """As it says of itself."""
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Whether an account that has the address already is the same person's."""
        return vouches_for(email)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """For everybody whom the provider vouches for."""
        return True

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Back to the account."""
        return reverse("account")

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Back to the sign-in page, with a sentence; the reason is in the log."""
        error = kwargs.get("exception") or kwargs.get("error")
        log.warning("single sign-on failed", why=type(error).__name__)
        messages.error(request, f"{settings.SSO_NAME} did not sign you in. Try again.")
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("sign-in")))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        """A new user: address and name as the provider has them."""
        user = super().populate_user(request, sociallogin, data)
        user.email = normal_email(user.email)
        user.name = str(data.get("name") or "")[: User._meta.get_field("name").max_length]
        return user


def passkey_host() -> str:
    """The name that passkeys are made for."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return "localhost" if settings.IS_LOOPBACK else host
