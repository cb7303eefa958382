"""What the terminal shows of calls."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from dashboard.demo.screen import LEGEND, Screen
from telephony.calls.projection import STAGES
from telephony.calls.types import RecordedEvent
from warmline.kernel.call import (
    AgentSentence,
    CallAnswered,
    CallEvent,
    Happening,
    TurnTimed,
)
from warmline.kernel.ids import CallId, TenantId, new_uuid
from warmline.kernel.regions import RegionCode

US = RegionCode("us-east")
COMPANY = TenantId("0190aaaa-0000-7000-8000-000000000001")


@pytest.fixture
def screen() -> Screen:
    """A screen that writes into memory."""
    screen = Screen(since=0.0)
    screen.console = Console(file=io.StringIO(), width=200, highlight=False)
    return screen


def shown(screen: Screen) -> list[str]:
    """The lines so far, without their clock."""
    assert isinstance(screen.console.file, io.StringIO)
    return [line.partition(" s ")[2] for line in screen.console.file.getvalue().splitlines()]


def recorded(call: str, happening: Happening, *, caller: str = "+12125550147") -> RecordedEvent:
    event = CallEvent(CallId(call), COMPANY, US, 1, 1, datetime.now(UTC), 0.0, happening)
    return RecordedEvent(new_uuid(), caller, "+12125550100", event)


def test_two_calls_of_one_company_stand_apart(screen: Screen) -> None:
    """Each has a number, and its first line says who calls."""
    hello = AgentSentence(0, 0, "hello.")
    screen.show(recorded("one", hello), company="rivertown")
    screen.show(recorded("two", hello, caller=""), company="rivertown")
    screen.show(recorded("one", hello), company="rivertown")
    assert shown(screen) == [
        "  1 rivertown  +12125550147 calls +12125550100",
        "  1 rivertown  agent: Hello.",
        "  2 rivertown  a caller who withholds the number calls +12125550100",
        "  2 rivertown  agent: Hello.",
        "  1 rivertown  agent: Hello.",
    ]


def test_in_the_shadow_nothing_is_called_unanswered(screen: Screen) -> None:
    """A turn in which the agent would only act is no turn without a reply."""
    silent = TurnTimed(1, "r", US, 500, 510, None, 600, None, None)
    screen.show(recorded("one", CallAnswered("MZ1", "w", "screen")), company="rivertown")
    screen.show(recorded("one", AgentSentence(1, 0, "hello.")), company="rivertown")
    screen.show(recorded("one", silent), company="rivertown")
    screen.show(recorded("two", silent), company="rivertown")
    lines = shown(screen)
    assert "agent would say: Hello." in lines[2]
    assert "turn 1: the agent would not speak yet" in lines[3]
    assert "turn 1: no reply" in lines[-1]


def test_each_part_of_a_bar_stands_in_the_legend(screen: Screen) -> None:
    """Every stage has a sign of its own, and a turn's bar is made of them in their order."""
    signs = [part.split(" ")[0] for part in LEGEND.partition(": ")[2].split(", ")]
    assert len(set(signs)) == len(STAGES)
    screen.show(
        recorded("one", TurnTimed(1, "r", US, 300, 600, 900, 1200, 1500, 1800, answer_ms=2100)),
        company="r",
    )
    bar = [sign for sign in shown(screen)[-1] if sign in signs]
    assert list(dict.fromkeys(bar)) == signs
