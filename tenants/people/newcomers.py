"""Somebody without an account accepts an invitation: who holds its link has the mailbox."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tenants.actions import create_user
from tenants.context import CONTROL
from tenants.emails import normal_email
from tenants.models import User
from tenants.people.invitations import accept_invitation
from tenants.people.queries import open_invitation
from tenants.permissions import Membership
from warmline.kernel.errors import BadInput, Conflict


def has_account(email: str) -> bool:
    """Whether somebody signs in with that address; as control."""
    return User.objects.using(CONTROL).filter(email=normal_email(email)).exists()


def accept_as_newcomer(token: str, *, name: str, password: str) -> Membership:
    """Open an account with the invited address and join with it.

    `NotFound` for an invitation that is over, `Conflict` for an address that has an account,
    `BadInput` for a password that is too weak.
    """
    offer = open_invitation(token)
    if has_account(offer.email):
        raise Conflict(f"{offer.email} has an account: sign in to accept")
    try:
        validate_password(password, User(email=offer.email, name=name))
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field="password") from None
    user = create_user(offer.email, password=password, name=name.strip())
    return accept_invitation(token, user=user)
