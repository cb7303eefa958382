"""Whether an e-mail address is somebody's own."""

from tenants.emails import normal_email
from tenants.models import User


def owns_address(user: User, email: str) -> bool:
    """Whether the user has shown that this address is theirs."""
    return normal_email(user.email) == normal_email(email)
