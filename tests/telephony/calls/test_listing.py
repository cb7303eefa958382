"""Calls are found by what they came to, by whom they were with, and by what was said."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.listing.filters import NAMES, SORTS, CallFilters, parsed_filters
from telephony.calls.listing.pages import MOST_COUNTED, calls_page, counted
from telephony.calls.listing.terms import tool_term, word_term, words_in
from telephony.models import Call, CallTerm
from tenants.actions import create_tenant
from tenants.api.pages import BadCursor
from tenants.context import as_tenant
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import TenantId
from warmline.kernel.wall_clock import FIRST_YEAR, LAST_YEAR

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
# The same in every worker: they stand in the tests' names.
AGENT = UUID("01a22451-7722-7876-97ce-f1540842d6fb")
VERSION = UUID("01a22451-7725-7eed-ab32-08bd308a8a8a")


@pytest.fixture
def tenant_id() -> TenantId:
    """A company without calls."""
    return create_tenant("rivertown", name="Rivertown", vertical="homeservices").tenant_id


def call(tenant_id: TenantId, minute: int = 0, *, said: str = "", **columns: Any) -> UUID:
    """A call that started so many minutes after noon, and is over."""
    fields = {
        "carrier_call_id": f"CA{uuid4()}",
        "to_number": "+12125550100",
        "vertical": "homeservices",
        "state": "ended",
        "started_at": NOON + timedelta(minutes=minute),
        "ended_at": NOON + timedelta(minutes=minute + 1),
        "outcome": "answered",
    }
    with as_tenant(tenant_id):
        row = Call.objects.create(**(fields | columns))
        for word in words_in(said):
            CallTerm.objects.create(term=word_term(word), started_at=row.started_at, call=row)
    return row.pk


def found(tenant_id: TenantId, **texts: str) -> list[UUID]:
    with as_tenant(tenant_id):
        return [line.id for line in calls_page(parsed_filters(texts)).items]


@pytest.mark.parametrize(
    ("columns", "texts", "others"),
    [
        ({"outcome": "missed"}, {"outcome": "missed"}, {"outcome": "booked"}),
        ({"state": "live"}, {"state": "live"}, {"state": "ringing"}),
        ({"end_reason": "too_long"}, {"end_reason": "too_long"}, {"end_reason": "refused"}),
        ({"audience": "screen"}, {"mode": "shadow"}, {"mode": "live"}),
        ({"audience": "screen"}, {"audience": "screen"}, {"audience": "caller"}),
        (
            {"from_number": "+12125550147"},
            {"from_number": "+1 212 555 0147"},
            {"from_number": "+12125550148"},
        ),
        ({"from_number": ""}, {"from_number": "Withheld"}, {"from_number": "+12125550148"}),
        ({}, {"to_number": "+12125550100"}, {"to_number": "+12125550101"}),
        ({"agent_id": AGENT}, {"agent": str(AGENT)}, {"agent": str(VERSION)}),
        ({"agent_version_id": str(VERSION)}, {"version": str(VERSION)}, {"version": str(AGENT)}),
        ({}, {"since": "2026-03-01T12:00:00Z"}, {"since": "2026-03-01T12:00:01Z"}),
        ({}, {"until": "2026-03-01T13:00:01+01:00"}, {"until": "2026-03-01T13:00:00+01:00"}),
        ({"talked_ms": 90_000}, {"min_seconds": "90"}, {"min_seconds": "91"}),
        ({"talked_ms": 90_000}, {"max_seconds": "90"}, {"max_seconds": "89"}),
        ({"said": "My heater is LEAKING"}, {"said": "leaking heater"}, {"said": "leaking roof"}),
        ({"said": "Müller's café"}, {"said": "cafe muller"}, {"said": "café mueller"}),
    ],
    ids=str,
)
def test_a_filter_keeps_the_calls_that_fit_and_no_other(
    tenant_id: TenantId, columns: dict[str, Any], texts: dict[str, str], others: dict[str, str]
) -> None:
    """And another value of the same filter finds nothing."""
    call_id = call(tenant_id, **columns)
    assert found(tenant_id, **texts) == [call_id]
    assert found(tenant_id, **others) == []


def test_all_filters_must_fit(tenant_id: TenantId) -> None:
    """Words, a tool, an outcome and a time at once."""
    call_id = call(tenant_id, 5, said="heater leaking", outcome="booked")
    with as_tenant(tenant_id):
        CallTerm.objects.create(
            term=tool_term("book_visit"), started_at=NOON + timedelta(minutes=5), call_id=call_id
        )
    call(tenant_id, 6, said="heater leaking", outcome="missed")
    texts = {"said": "heater", "tool": "book_visit", "since": "2026-03-01T12:01:00Z"}
    assert found(tenant_id, **texts, outcome="booked") == [call_id]
    assert found(tenant_id, **texts, outcome="missed") == []


@pytest.mark.parametrize(
    "texts",
    [
        {"outcome": "splendid"},
        {"state": "asleep"},
        {"mode": "half"},
        {"agent": "Amy"},
        {"since": "yesterday"},
        {"since": "2026-03-01T12:00:00"},
        {"min_seconds": "-1"},
        {"min_seconds": "1.5"},
        {"max_seconds": str(2**63)},
        {"said": "?!"},
        {"said": " ".join("abcdefghijklmnop")},
        {"from_number": "\x00"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_what_is_no_filter_is_refused_by_its_name(texts: dict[str, str]) -> None:
    """With what was expected."""
    with pytest.raises(BadInput, match=next(iter(texts))):
        parsed_filters(texts)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "outcome": st.sampled_from(["missed", "booked"]),
            "said": st.sampled_from(["heater", "two words"]),
            "agent": st.uuids().map(str),
            "since": st.datetimes(timezones=st.just(UTC))
            .filter(lambda moment: FIRST_YEAR <= moment.year <= LAST_YEAR)
            .map(datetime.isoformat),
            "min_seconds": st.integers(0, 1000).map(str),
        },
    )
)
def test_filters_are_kept_as_they_were_given(texts: dict[str, str]) -> None:
    """A saved view, or a page's address, is the same list again."""
    filters = parsed_filters(texts)
    assert parsed_filters(filters.given()) == filters
    assert set(filters.given()) == set(texts) <= set(NAMES)


@pytest.mark.parametrize("sort", SORTS)
def test_pages_go_through_all_calls_once(tenant_id: TenantId, sort: str) -> None:
    """In order, with calls of the same moment and the same length among them."""
    calls = {call(tenant_id, n // 3, talked_ms=n // 2 * 1000) for n in range(11)}
    seen: list[Any] = []
    cursor = None
    with as_tenant(tenant_id):
        while True:
            page = calls_page(sort=sort, cursor=cursor, limit=2)
            seen += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        keys = list(Call.objects.filter(id__in=calls).values_list("started_at", "talked_ms", "id"))
    place = 0 if "started" in sort else 1
    ordered = sorted(keys, key=lambda key: (key[place], key[2]), reverse=sort[0] == "-")
    assert [line.id for line in seen] == [key[2] for key in ordered]


def test_words_are_found_in_pages_too(tenant_id: TenantId) -> None:
    """Newest first."""
    calls = [call(tenant_id, n, said="the heater") for n in range(5)]
    filters = CallFilters(said="heater")
    with as_tenant(tenant_id):
        first = calls_page(filters, limit=3)
        rest = calls_page(filters, limit=3, cursor=first.next_cursor)
        oldest = calls_page(filters, limit=1, sort="started_at").items[0]
    assert [line.id for line in (*first.items, *rest.items)] == calls[::-1]
    assert oldest.id == calls[0]


def test_a_cursor_belongs_to_its_list(tenant_id: TenantId) -> None:
    """Another filter, another sort: refused."""
    for n in range(3):
        call(tenant_id, n)
    with as_tenant(tenant_id):
        cursor = calls_page(limit=1).next_cursor
        assert calls_page(limit=1, cursor=cursor).items
        for filters, sort in (
            (CallFilters(outcome="answered"), "-started_at"),
            (CallFilters(), "started_at"),
        ):
            with pytest.raises(BadCursor):
                calls_page(filters, sort=sort, cursor=cursor)


def test_words_are_not_sorted_by_length(tenant_id: TenantId) -> None:
    """No index has them in that order."""
    with as_tenant(tenant_id), pytest.raises(BadInput, match="started_at"):
        calls_page(CallFilters(said="heater"), sort="-seconds")


def test_a_count_stops_where_it_grows_dear(tenant_id: TenantId) -> None:
    """And says that there are more."""
    with as_tenant(tenant_id):
        Call.objects.bulk_create(
            Call(carrier_call_id=f"CA{n}", to_number="+1", vertical="x", started_at=NOON)
            for n in range(MOST_COUNTED + 5)
        )
        many, none = counted(CallFilters()), counted(CallFilters(outcome="missed"))
    assert (many.calls, many.is_all) == (MOST_COUNTED, False)
    assert (none.calls, none.is_all) == (0, True)


def test_another_companys_words_are_not_found(tenant_id: TenantId) -> None:
    """Though a word is the same number everywhere."""
    call(tenant_id, said="heater")
    other = create_tenant("lakeside", name="Lakeside", vertical="healthcare").tenant_id
    assert found(other, said="heater") == []
