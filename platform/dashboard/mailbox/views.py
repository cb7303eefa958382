"""The mailbox of this machine, where one is kept in place of sending mail."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.attempts import is_loopback
from tenants.mail import mailbox
from warmline.kernel.errors import NotFound


def mails(request: HttpRequest) -> HttpResponse:
    """All of them, newest first."""
    _check_here(request)
    return render(request, "dashboard/mailbox/mailbox.html", {"mails": mailbox.mails()})


def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One of them."""
    _check_here(request)
    try:
        shown = mailbox.mail(name)
    except NotFound as error:
        raise Http404(str(error)) from error
    return render(request, "dashboard/mailbox/mail.html", {"mail": shown})


def _check_here(request: HttpRequest) -> None:
    """404 but on the machine itself: its mailbox, its own public address, asked from itself."""
    here = mailbox.is_open() and settings.IS_LOOPBACK
    if not here or not is_loopback(request.META.get("REMOTE_ADDR", "")):
        raise Http404("this installation has no mailbox")
