"""The sign-in pages' addresses; some names are those that django-allauth asks for."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from dashboard.sign_in import views
from dashboard.sign_in.refusals import entrance

_PROVIDER = {"provider_id": "sso"}
_sign_in = entrance(views.SignIn.as_view())

urlpatterns = [
    path("sign-in", _sign_in, name="sign-in"),
    path("sign-in", _sign_in, name="account_login"),
    path("sign-in/code", entrance(views.SecondFactor.as_view()), name="mfa_authenticate"),
    path("sign-in/passkey", entrance(views.Passkey.as_view()), name="mfa_login_webauthn"),
    path("sign-in/sso", entrance(views.provider), _PROVIDER, name="openid_connect_login"),
    path(
        "sign-in/sso/callback",
        entrance(views.provider_callback),
        _PROVIDER,
        name="openid_connect_callback",
    ),
    path("sign-out", LogoutView.as_view(next_page="/sign-in"), name="sign-out"),
]
