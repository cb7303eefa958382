"""Lists of calls under a name: the company's, or a member's own. Inside the bound tenant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from msgspec import Meta

from telephony.calls.listing.filters import CallFilters, parsed_filters
from telephony.models import SavedView
from tenants.actions import record_audit
from warmline.kernel.errors import BadInput, Conflict, NotFound

MOST_VIEWS: Final = 100


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved list of calls."""

    id: UUID
    name: str
    owner_id: Annotated[UUID | None, Meta(description="whose it is alone; null: the company's")]
    filters: Annotated[dict[str, str], Meta(description="as the list of calls takes them")]
    created_at: datetime


def views(*, owner_id: UUID | None = None) -> tuple[ViewLine, ...]:
    """The company's views, and those of its member, by name."""
    rows = SavedView.objects.filter(Q(owner_id=None) | Q(owner_id=owner_id))
    return tuple(_line(row) for row in rows.order_by("name", "id")[: 2 * MOST_VIEWS])


def view(view_id: UUID, *, owner_id: UUID | None = None) -> ViewLine:
    """One of them; `NotFound` for another member's own too."""
    return _line(_row(view_id, owner_id))


def save_view(name: str, *, filters: CallFilters, owner_id: UUID | None = None) -> ViewLine:
    """Keep a list under a name; `Conflict` where there is one of that name."""
    if not name.strip():
        raise BadInput("name: expected one", field="name")
    if SavedView.objects.filter(owner_id=owner_id).count() >= MOST_VIEWS:
        raise Conflict(f"expected at most {MOST_VIEWS} views: delete one first")
    try:
        with transaction.atomic():
            row = SavedView.objects.create(
                name=name.strip(), owner_id=owner_id, filters=filters.given()
            )
    except IntegrityError as error:
        if "telephony_view_name" not in str(error):
            raise
        raise Conflict(f"there is a view named {name.strip()!r} already") from None
    record_audit(action="view.save", subject=str(row.pk))
    return _line(row)


def delete_view(view_id: UUID, *, owner_id: UUID | None = None) -> None:
    """Delete one of them; `NotFound` as for `view`."""
    _row(view_id, owner_id).delete()
    record_audit(action="view.delete", subject=str(view_id))


def filters_of(line: ViewLine) -> CallFilters:
    """The list that a view stands for."""
    return parsed_filters(line.filters)


def _row(view_id: UUID, owner_id: UUID | None) -> SavedView:
    visible = SavedView.objects.filter(Q(owner_id=None) | Q(owner_id=owner_id))
    row = visible.filter(pk=view_id).first()
    if row is None:
        raise NotFound(f"view {view_id}: this company has none of that id")
    return row


def _line(row: SavedView) -> ViewLine:
    return ViewLine(row.pk, row.name, row.owner_id, row.filters, row.created_at)
