"""The reads: the bound tenant's trail, newest first."""

from datetime import datetime
from typing import Final
from uuid import UUID

from tenants.api.pages import Page, decode_cursor, encode_cursor
from tenants.models import AuditEvent
from tenants.people.queries import actor_labels
from tenants.trail.types import AuditLine

_KINDS: Final = {
    "system": "Warmline itself",
    "command": "an operator's command",
    "call": "a call's agent",
    "operator": "an operator of Warmline",
}


def audit_page(
    *,
    actor: str = "",
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[AuditLine]:
    """Some of the trail: by one actor, of one action or all of one thing (`member.`), of a while.

    `until` is not included.
    """
    rows = AuditEvent.objects.order_by("-at", "-id")
    if actor:
        rows = rows.filter(actor=actor)
    if action.endswith("."):
        rows = rows.filter(action__startswith=action)
    elif action:
        rows = rows.filter(action=action)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    kind = f"audit {actor} {action} {since} {until}"
    if cursor is not None:
        at, event_id = decode_cursor(kind, cursor)
        rows = rows.extra(
            where=["(at, id) < (%s, %s)"], params=[datetime.fromisoformat(at), UUID(event_id)]
        )
    some = list(rows[: limit + 1])
    shown = some[:limit]
    next_cursor = None
    if len(some) > limit:
        next_cursor = encode_cursor(kind, [shown[-1].at.isoformat(), str(shown[-1].pk)])
    return Page(items=tuple(_lines(shown)), next_cursor=next_cursor)


def _lines(rows: list[AuditEvent]) -> list[AuditLine]:
    labels = actor_labels(row.actor for row in rows)
    lines = []
    for row in rows:
        kind, _, name = row.actor.partition(":")
        called = labels.get(row.actor)
        if called is None:
            called = f"API key {name}" if kind == "key" else _KINDS.get(kind, row.actor)
        elif kind == "operator":
            called = f"{called}, operator of Warmline"
        lines.append(
            AuditLine(
                id=row.pk,
                at=row.at,
                actor=row.actor,
                actor_name=called,
                action=row.action,
                subject=row.subject,
                detail=row.detail,
            )
        )
    return lines
