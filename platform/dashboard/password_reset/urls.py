"""The addresses of whoever forgot the password; the names are django-allauth's."""

from django.urls import path, register_converter

from dashboard.password_reset import views
from dashboard.sign_in.refusals import entrance


class HexConverter:
    """A user's id as links have it."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(HexConverter, "hex")

urlpatterns = [
    path("password/reset", entrance(views.AskForLink.as_view()), name="account_reset_password"),
    path("password/reset/sent", entrance(views.Sent.as_view()), name="account_reset_password_done"),
    path(
        "password/reset/<hex:uidb36>-<str:key>",
        entrance(views.Choose.as_view()),
        name="account_reset_password_from_key",
    ),
]
