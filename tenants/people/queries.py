"""The reads: who belongs to the bound tenant, and who is asked to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

from tenants.api.pages import Page, decode_cursor, encode_cursor
from tenants.context import as_tenant
from tenants.models import Member, Tenant
from tenants.people.models import Invitation
from tenants.people.types import InvitationLine, MemberLine, OpenInvitation
from warmline.kernel import clock
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId

Row = TypeVar("Row", Member, Invitation)
_GONE = "this invitation does not exist, was used, was withdrawn, or has expired: ask for another"


def members_page(*, cursor: str | None = None, limit: int = 25) -> Page[MemberLine]:
    """The bound tenant's members, in the order in which they joined."""
    rows, next_cursor = _after(Member.objects.all(), "members", cursor, limit)
    return Page(items=tuple(_lines(rows)), next_cursor=next_cursor)


def all_members() -> tuple[MemberLine, ...]:
    """All of the bound tenant's members, in the order in which they joined."""
    return tuple(_lines(list(Member.objects.order_by("id"))))


def member(member_id: UUID | str) -> MemberLine:
    """One member of the bound tenant; `NotFound` where it has none of that id."""
    row = Member.objects.filter(pk=member_id).first()
    if row is None:
        raise NotFound("this company has no such member")
    (line,) = _lines([row])
    return line


def member_of_user(user_id: UUID | str) -> MemberLine:
    """The membership of a user in the bound tenant; `NotFound` where they have none."""
    row = Member.objects.filter(user_id=user_id).first()
    if row is None:
        raise NotFound("this company has no such member")
    (line,) = _lines([row])
    return line


def invitations_page(*, cursor: str | None = None, limit: int = 25) -> Page[InvitationLine]:
    """The bound tenant's invitations, those that wait and those that are over, oldest first."""
    rows, next_cursor = _after(Invitation.objects.all(), "invitations", cursor, limit)
    return Page(items=tuple(_invitation_lines(rows)), next_cursor=next_cursor)


def pending_invitations() -> tuple[InvitationLine, ...]:
    """The bound tenant's invitations that nobody has accepted or withdrawn, expired ones too."""
    rows = Invitation.objects.filter(accepted_at=None, revoked_at=None).order_by("id")
    return tuple(_invitation_lines(list(rows)))


def invitation(invitation_id: UUID | str) -> InvitationLine:
    """One invitation of the bound tenant; `NotFound` where it has none of that id."""
    row = Invitation.objects.filter(pk=invitation_id).first()
    if row is None:
        raise NotFound("this company has no such invitation")
    (line,) = _invitation_lines([row])
    return line


def tenant_of_invitation(token: str) -> TenantId:
    """Whose invitation this token is of, whatever became of it; `NotFound` for nobody's."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT tenancy.resolve_invitation(%s)", [token_hash(token)])
        (tenant_id,) = cursor.fetchone()
    if tenant_id is None:
        raise NotFound(_GONE)
    return TenantId(str(tenant_id))


def open_invitation(token: str) -> OpenInvitation:
    """What the holder of the link is asked; `NotFound` when it can be accepted no more."""
    with as_tenant(tenant_of_invitation(token)) as tenant_id:
        row = Invitation.objects.filter(token_sha256=token_hash(token)).first()
        company = Tenant.objects.get(pk=tenant_id)
        if row is None or company.closed_at is not None or _state(row, clock.now()) != "pending":
            raise NotFound(_GONE)
        (line,) = _invitation_lines([row])
    return OpenInvitation(
        company=company.name,
        email=line.email,
        role=line.role,
        invited_by=line.invited_by,
        expires_at=line.expires_at,
    )


def people_of(user_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and address of these users, by id."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT id, name, email FROM tenancy.people_of(%s)", [list(user_ids)])
        return {user_id: (name, email) for user_id, name, email in cursor.fetchall()}


def address_of(user_id: UUID) -> str:
    """The e-mail address of a user."""
    return people_of([user_id])[user_id][1]


def actor_labels(actors: Iterable[str]) -> dict[str, str]:
    """What people call who stands in the trail: a user's name or address, else as it is."""
    users: dict[UUID, str] = {}
    for actor in actors:
        kind, _, user_id = actor.partition(":")
        if kind in ("user", "operator") and user_id:
            users[UUID(user_id)] = actor
    people = people_of(users)
    return {users[user_id]: name or email for user_id, (name, email) in people.items()}


def token_hash(token: str) -> bytes:
    """What is kept of an invitation's token: a plain hash, since it is 32 random bytes."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _after(
    rows: "QuerySet[Row]", kind: str, cursor: str | None, limit: int
) -> tuple[list[Row], str | None]:
    ordered = rows.order_by("id")
    if cursor is not None:
        (after,) = decode_cursor(kind, cursor)
        ordered = ordered.filter(pk__gt=UUID(after))
    some = list(ordered[: limit + 1])
    more = len(some) > limit
    return some[:limit], encode_cursor(kind, [str(some[limit - 1].pk)]) if more else None


def _lines(rows: Sequence[Member]) -> list[MemberLine]:
    people = people_of(row.user_id for row in rows)
    lines = []
    for row in rows:
        name, email = people[row.user_id]
        lines.append(
            MemberLine(
                id=row.pk,
                user_id=row.user_id,
                name=name,
                email=email,
                role=row.role,
                joined_at=row.created_at,
            )
        )
    return lines


def _invitation_lines(rows: Sequence[Invitation]) -> list[InvitationLine]:
    labels = actor_labels(row.invited_by for row in rows)
    at = clock.now()
    return [
        InvitationLine(
            id=row.pk,
            email=row.email,
            role=row.role,
            state=_state(row, at),
            invited_by=labels.get(row.invited_by, row.invited_by),
            created_at=row.created_at,
            sent_at=row.sent_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]


def _state(row: Invitation, at: datetime) -> str:
    if row.accepted_at is not None:
        return "accepted"
    if row.revoked_at is not None:
        return "revoked"
    return "pending" if at < row.expires_at else "expired"
