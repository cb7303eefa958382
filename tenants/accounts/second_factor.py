"""Whether somebody came in by more than a password."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.urls import reverse


def way_to_second_factor(request: Any) -> str:
    """Where an operator has to go first; empty where nothing is missing, or nothing is asked."""
    if not settings.OPERATORS_SECOND_FACTOR:
        return ""
    records = get_authentication_records(request, request.user)
    if any(record["method"] in {"mfa", "socialaccount"} for record in records):
        return ""
    if is_mfa_enabled(request.user):
        query = urlencode({"next": request.get_full_path()})
        return f"{reverse('mfa_reauthenticate')}?{query}"
    messages.warning(request, "Operators need a second factor here: set one up.")
    return reverse("mfa_index")
