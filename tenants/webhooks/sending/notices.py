"""What people are told when nothing is sent to an endpoint any more."""

from typing import Final
from uuid import UUID

from tenants import queries
from tenants.context import CONTROL
from tenants.mail.letters import compose
from tenants.mail.outbox import post
from tenants.models import Member, User
from tenants.permissions import Permission, roles_with
from tenants.webhooks.types import DisabledBecause

_REASONS: Final = {
    DisabledBecause.GONE: "Your server answered 410, which says that it wants nothing any more.",
    DisabledBecause.FAILING: "Your server took nothing for five days.",
}


def tell_disabled(endpoint_id: UUID, *, url: str, because: DisabledBecause) -> None:
    """Write to the members of the bound tenant who may do something about it.

    An installation that sends no mail keeps it at the endpoint's page and the audit trail.
    """
    letter = compose(
        "tenants/mail/webhook_disabled.txt",
        company=queries.tenant().name,
        reason=_REASONS[because],
        url=url,
        endpoint_id=str(endpoint_id),
    )
    for address in _addresses():
        post(letter, to=address)


def _addresses() -> list[str]:
    roles = roles_with(Permission.WEBHOOKS_WRITE)
    members = list(Member.objects.filter(role__in=roles).values_list("user_id", flat=True))
    users = User.objects.using(CONTROL).filter(pk__in=members, is_active=True)
    return list(users.order_by("email").values_list("email", flat=True))
