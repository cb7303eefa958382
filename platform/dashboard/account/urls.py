"""The addresses of a person's own pages; some names are those that django-allauth asks for."""

from django.urls import path

from dashboard.account import security, views
from dashboard.sign_in.refusals import persons_page

urlpatterns = [
    path("account/", persons_page(views.overview), name="account"),
    path("account/email", persons_page(views.Email.as_view()), name="account_email"),
    path("account/sessions", persons_page(views.devices), name="account-sessions"),
    path(
        "account/sessions/end-others",
        persons_page(views.end_other_devices),
        name="account-end-others",
    ),
    path(
        "account/sessions/<uuid:sign_in_id>/end",
        persons_page(views.end_device),
        name="account-end-session",
    ),
    path("account/delete", persons_page(views.delete), name="account-delete"),
    path("account/security", persons_page(security.Security.as_view()), name="mfa_index"),
    path(
        "account/password",
        persons_page(security.Password.as_view()),
        name="account_change_password",
    ),
    path(
        "account/again/password",
        persons_page(security.PasswordAgain.as_view()),
        name="account_reauthenticate",
    ),
    path(
        "account/again/code", persons_page(security.CodeAgain.as_view()), name="mfa_reauthenticate"
    ),
    path(
        "account/again/passkey",
        persons_page(security.PasskeyAgain.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/app", persons_page(security.AppOn.as_view()), name="mfa_activate_totp"),
    path("account/app/remove", persons_page(security.AppOff.as_view()), name="mfa_deactivate_totp"),
    path(
        "account/recovery-codes",
        persons_page(security.RecoveryCodes.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/recovery-codes/new",
        persons_page(security.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/passkeys/add", persons_page(security.AddPasskey.as_view()), name="mfa_add_webauthn"
    ),
    path(
        "account/passkeys/<int:pk>/remove",
        persons_page(security.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
]
