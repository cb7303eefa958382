"""The rows that filters choose, in the order of one index: a page is read, never sorted.

Inside the bound tenant.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import starmap
from typing import Final
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from telephony.calls.lines import CallRow
from telephony.calls.listing.filters import CallFilters, Sort
from telephony.calls.listing.terms import tool_term, word_term, words_in
from telephony.models import Call, CallTerm

# Where a page ends: the last row's started_at or talked_ms, and its id.
Position = tuple[datetime | int, UUID]

_EQUAL: Final = ("state", "outcome", "end_reason", "audience")
_AUDIENCE_OF_MODE: Final = {"live": "caller", "shadow": "screen"}


def rows(
    filters: CallFilters, *, sort: Sort, after: Position | None = None, limit: int
) -> list[CallRow]:
    """The first `limit` of the calls that fit, in order, from behind a position on."""
    chosen = selected(filters, sort=sort, after=after)
    return list(starmap(CallRow, chosen.values_list(*CallRow._fields)[:limit]))


def selected(
    filters: CallFilters, *, sort: Sort = "-started_at", after: Position | None = None
) -> QuerySet[Call]:
    """The tenant's calls that fit, in order, from behind a position on."""
    columns, (first, others) = _by_columns(filters), _terms(filters)
    at, key = ("terms__started_at", "terms__call_id") if first else ("started_at", "id")
    column = at if sort.endswith("started_at") else "talked_ms"
    descends = sort.startswith("-")
    # In one `filter`, so that all conditions on terms are on the same one.
    chosen = columns
    if first:
        chosen &= Q(terms__term=first)
    if filters.since is not None:
        chosen &= Q(**{f"{at}__gte": filters.since})
    if filters.until is not None:
        chosen &= Q(**{f"{at}__lt": filters.until})
    if after is not None:
        chosen &= _behind(column, key, after, descends=descends)
    calls = Call.objects.filter(chosen)
    for number, term in enumerate(others):
        name = f"also_{number}"
        calls = calls.alias(**{name: _looked_up(term)}).filter(**{f"{name}__isnull": False})
    sign = "-" if descends else ""
    return calls.order_by(f"{sign}{column}", f"{sign}{key}")


def _looked_up(term: int) -> Subquery:
    """The term where the row has it: one look into the index, for each row that is read.

    EXISTS would be made a join, and all rows of a common word be read for one page: 470 ms of a
    third of a million calls, where this takes 4. It is asked whether there is one: for a comparison
    Postgres expects one row of two hundred, and sorts all that the column finds: 870 ms, where this
    takes 1 (tests.bench.pages).
    """
    place = {"started_at": OuterRef("started_at"), "call_id": OuterRef("id")}
    return Subquery(CallTerm.objects.filter(term=term, **place).values("term")[:1])


def _terms(filters: CallFilters) -> tuple[int | None, Sequence[int]]:
    """The term whose index gives the order, or None for a column's, then those that are asked for
    of each row.

    The longest word is likely the rarest. A tool is in every third call: a column finds better.
    """
    words = sorted(words_in(filters.said), key=len, reverse=True)
    terms = [word_term(word) for word in words]
    if filters.tool:
        terms.append(tool_term(filters.tool))
    if terms and (words or not _by_columns(filters)):
        return terms[0], terms[1:]
    return None, terms


def _by_columns(filters: CallFilters) -> Q:
    chosen = Q()
    for name in _EQUAL:
        if value := getattr(filters, name):
            chosen &= Q(**{name: value})
    if filters.mode:
        chosen &= Q(audience=_AUDIENCE_OF_MODE[filters.mode])
    if filters.caller is not None:
        chosen &= Q(from_number=filters.caller)
    if filters.to_number:
        chosen &= Q(to_number=filters.to_number)
    if filters.agent is not None:
        chosen &= Q(agent_id=filters.agent)
    if filters.version is not None:
        chosen &= Q(agent_version_id=str(filters.version))
    if filters.min_seconds is not None:
        chosen &= Q(talked_ms__gte=filters.min_seconds * 1000)
    if filters.max_seconds is not None:
        chosen &= Q(talked_ms__lte=filters.max_seconds * 1000)
    return chosen


def _behind(column: str, key: str, after: Position, *, descends: bool) -> Q:
    """As a comparison of pairs, at which an index begins: by column first and ties apart, a page
    in the midst of 100,000 calls of no length read half of them, 130 ms (tests.bench.calls).
    """
    beyond = TupleLessThan if descends else TupleGreaterThan
    return Q(beyond(Tuple(F(column), F(key)), after))
