"""The addresses of whoever is new; the names are those that django-allauth asks for."""

from django.urls import path

from dashboard.sign_in.refusals import entrance, persons_page
from dashboard.sign_up import views

urlpatterns = [
    path("sign-up", entrance(views.SignUp.as_view()), name="account_signup"),
    path("sign-up/sent", entrance(views.Sent.as_view()), name="account_email_verification_sent"),
    path("confirm/<str:key>", entrance(views.Confirm.as_view()), name="account_confirm_email"),
    path("company/new", persons_page(views.NewCompany.as_view()), name="new-company"),
]
