"""The mailbox's addresses; they answer on a machine that keeps one, and nowhere else."""

from django.urls import path

from dashboard.mailbox import views

urlpatterns = [
    path("mailbox/", views.mails, name="mailbox"),
    path("mailbox/<str:name>", views.mail, name="mailbox-mail"),
]
