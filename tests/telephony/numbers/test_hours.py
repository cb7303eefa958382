"""Outside a number's hours its callers get what was set, from the region's table alone."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.actions import go_live, make_agent, set_business
from agents.opening_hours import OpeningHours, Weekly
from agents.types import Wording
from telephony.control import number_table
from telephony.control.answering.closing_time import after_hours
from telephony.control.decisions import CLOSED_NOW, Dial, Refuse, TakeMessage
from telephony.numbers import actions, queries
from telephony.numbers.hours import is_open, stored_hours
from telephony.types import NumberConfig, OpenHours
from tenants.context import as_tenant
from tests.telephony.conftest import HUMAN, Carrier, ringing, warm
from tests.telephony.numbers.conftest import FREE
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import TenantId

NEVER = OpeningHours(hours=())
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


def hours(begins: str, ends: str, **more: object) -> OpenHours:
    """The same on every day."""
    week = ((begins, ends),) * 7
    return OpenHours("America/New_York", week=week, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("open_hours", "at", "expected"),
    [
        (hours("09:00", "17:00"), "09:00", True),
        (hours("09:00", "17:00"), "08:59", False),
        (hours("09:00", "17:00"), "17:00", False),
        (hours("20:00", "02:00"), "23:00", True),
        (hours("20:00", "02:00"), "01:59", True),
        (hours("20:00", "02:00"), "02:00", False),
        (hours("08:00", "08:00"), "07:59", True),
        (hours("00:00", "00:00"), "00:00", True),
        (hours("09:00", "17:00", holidays=("2026-11-30",)), "12:00", False),
        (hours("09:00", "17:00", exceptions={"2026-11-30": None}), "12:00", False),
        (hours("09:00", "17:00", exceptions={"2026-11-30": ("18:00", "20:00")}), "19:00", True),
        # the evening before was a holiday: its hours after midnight are not held either
        (hours("20:00", "02:00", holidays=("2026-11-29",)), "01:00", False),
    ],
)
def test_hours_hold_what_a_business_means_by_them(
    open_hours: OpenHours, at: str, expected: bool
) -> None:
    """On its own clock, over midnight too."""
    zone = ZoneInfo("America/New_York")
    moment = datetime.combine(date(2026, 11, 30), time.fromisoformat(at), zone).astimezone(UTC)
    assert is_open(open_hours, at=moment) is expected


@given(
    begins=st.times(), ends=st.times(), minutes=st.integers(min_value=0, max_value=60 * 24 * 400)
)
def test_a_day_is_open_for_as_long_as_its_hours_last(
    begins: time, ends: time, minutes: int
) -> None:
    """At any moment open by one rule: within, or within what began the day before."""
    begins, ends = begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    written = (begins.isoformat("minutes"), ends.isoformat("minutes"))
    at = MONDAY + timedelta(minutes=minutes)
    clock = at.time()
    within = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    assert is_open(OpenHours("UTC", week=(written,) * 7), at=at) is within


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outside", "human", "words", "expected"),
    [
        ("agent", "", "", None),
        ("person", HUMAN, "One moment.", Dial(HUMAN, "One moment.")),
        ("message", "", "Leave word.", TakeMessage("Leave word.")),
        ("closed", "", "", Refuse(CLOSED_NOW)),
        ("closed", "", "We open at nine.", Refuse("We open at nine.")),
    ],
)
def test_what_was_set_happens_outside_the_hours(
    harbour: TenantId, outside: str, human: str, words: str, expected: object
) -> None:
    """And the list of numbers says who answers now."""
    with as_tenant(harbour):
        agent_id = make_agent("Ada")
        go_live(agent_id, wording=Wording(greeting="Good day."))
        number = actions.add_number(FREE, agent_id=agent_id, mode="live", human_number=human)
        actions.change_number(number.pk, outside=outside, hours=NEVER, closed_words=words)
        assert queries.number(number.pk).answers_now == outside
    assert after_hours(entry(), at=MONDAY) == expected


@pytest.mark.django_db
def test_a_number_without_hours_of_its_own_keeps_the_companys(
    harbour: TenantId, agent_id: UUID
) -> None:
    """And follows them as soon as they are changed."""
    with as_tenant(harbour):
        number = actions.add_number(FREE, agent_id=agent_id, mode="live", human_number="")
        actions.change_number(number.pk, outside="closed")
    assert after_hours(entry(), at=MONDAY) is None  # none are set yet
    with as_tenant(harbour):
        set_business([None] * 7)
    assert after_hours(entry(), at=MONDAY) == Refuse(CLOSED_NOW)


@pytest.mark.django_db
def test_a_caller_outside_the_hours_holds_no_slot(
    harbour: TenantId, agent_id: UUID, carrier: Carrier
) -> None:
    """The sentence is said, then the line is closed; the next change is in force at once."""
    warm(slots=1)
    with as_tenant(harbour):
        number = actions.add_number(FREE, agent_id=agent_id, mode="live", human_number="")
        actions.change_number(
            number.pk, outside="closed", hours=NEVER, closed_words="We open at nine."
        )
    for call in ("1", "2"):
        _, document = carrier.post("/twilio/voice", ringing(call, dialled=FREE))
        assert "We open at nine.</Say><Hangup" in document
    with as_tenant(harbour):
        actions.change_number(number.pk, outside="agent")
    assert "<Connect>" in carrier.post("/twilio/voice", ringing("3", dialled=FREE))[1]


@pytest.mark.django_db
def test_what_contradicts_itself_is_refused_and_nothing_changes(
    harbour: TenantId, agent_id: UUID
) -> None:
    """Each with what was expected."""
    with as_tenant(harbour):
        number = actions.add_number(FREE, agent_id=agent_id, mode="live", human_number="")
    for changes, why in (
        ({"outside": "robot"}, "expected one of agent"),
        ({"mode": "shadow"}, "needs a human_number"),
        ({"mode": "loud"}, "expected one of live"),
        ({"human_number": FREE}, "come back"),
        ({"agent_id": UUID(int=1)}, "no agent"),
        ({"closed_words": "x" * 301}, "at most"),
        ({"hours": OpeningHours(hours=(Weekly((0, 9), "09:00", "17:00"),))}, "0 .Monday."),
    ):
        with as_tenant(harbour), pytest.raises(BadInput, match=why):
            actions.change_number(number.pk, **changes)
    with as_tenant(harbour):
        line = queries.number(number.pk)
    assert (line.outside, line.mode, line.agent_id, line.hours) == ("agent", "live", agent_id, None)


def test_hours_are_kept_as_they_were_meant() -> None:
    """Read back they are the same."""
    given_hours = OpeningHours(hours=(Weekly((0, 1), "9:00".zfill(5), "24:00"),))
    assert stored_hours(given_hours)["week"][:3] == [("09:00", "00:00"), ("09:00", "00:00"), None]


def entry() -> NumberConfig:
    """The number as the regions' tables have it."""
    number = number_table.lookup(FREE)
    assert number is not None
    return number
