"""Whether an e-mail address is somebody's own."""

from allauth.account.models import EmailAddress

from tenants.context import CONTROL
from tenants.emails import normal_email
from tenants.models import User


def owns_address(user: User, email: str) -> bool:
    """Whether the user has shown that this address is theirs; as control."""
    confirmed = EmailAddress.objects.using(CONTROL).filter(user_id=user.pk, verified=True)
    return bool(confirmed.filter(email=normal_email(email)).exists())
