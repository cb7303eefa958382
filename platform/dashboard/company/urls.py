"""The addresses of the company's page."""

from django.urls import path

from dashboard.company import views

urlpatterns = [
    path("company/", views.company, name="company"),
    path("company/leave", views.leave, name="company-leave"),
    path("company/transfer", views.transfer, name="company-transfer"),
    path("company/close", views.close, name="company-close"),
]
