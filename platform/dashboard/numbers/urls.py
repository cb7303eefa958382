"""The addresses of numbers' pages."""

from django.urls import path

from dashboard.numbers import accounts, buying, views

_NUMBER = "numbers/<uuid:number_id>"
_ACCOUNT = "numbers/accounts/<uuid:account_id>"
urlpatterns = [
    path("numbers/", views.numbers, name="numbers"),
    path("numbers/add", buying.add, name="number-add"),
    path("numbers/search", buying.search, name="number-search"),
    path("numbers/buy", buying.buy, name="number-buy"),
    path("numbers/connect", accounts.connect, name="number-connect"),
    path("numbers/connect/subaccount", accounts.subaccount, name="number-subaccount"),
    path(f"{_ACCOUNT}/rotate", accounts.rotate, name="number-account-rotate"),
    path(f"{_ACCOUNT}/remove", accounts.remove, name="number-account-remove"),
    path(_NUMBER, views.number, name="number"),
    path(f"{_NUMBER}/check", views.check, name="number-check"),
    path(f"{_NUMBER}/ring", views.ring, name="number-ring"),
    path(f"{_NUMBER}/connect", views.reconnect, name="number-reconnect"),
    path(f"{_NUMBER}/release", views.release, name="number-release"),
]
