"""What nobody said is not booked: each kind of argument against what a caller said."""

from datetime import date

import pytest

from verticals.grounding.check import Unsaid, grounded
from verticals.grounding.conversation import Said, evidence
from verticals.healthcare.tools import VERTICAL as CLINIC
from verticals.homeservices.tools import VERTICAL as PLUMBER
from warmline.kernel.vertical import ArgumentKind, Tool, ToolParameter

MONDAY = date(2026, 11, 23)
BOOK = PLUMBER.tools[0]


def is_said(kind: ArgumentKind, value: str, *lines: str, number: str = "") -> bool:
    """Whether a value of a kind was said in lines of a caller, or of who is named before a ">"."""
    tool = Tool("t", "t", (ToolParameter("value", "value", kind=kind),), writes=True)
    roles = {"A": "assistant", "T": "tool", "K": "system"}
    said = evidence(
        [(roles[line[0]], line[2:]) if line[1:2] == ">" else ("user", line) for line in lines]
    )
    checked = grounded(tool, {"value": value}, said=said, today=MONDAY, caller_number=number)
    return not isinstance(checked, Unsaid)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("tuesday", ["Can you come on Tuesday?"]),
        ("tuesday", ["tomorrow would be good"]),
        ("2026-11-24", ["How about Tuesday, please."]),
        ("next tuesday", ["I'd like next Tuesday at ten"]),
        ("december third", ["the 3rd of December works"]),
        ("the 3rd", ["The third, if you can."]),
        ("wednesday", ["Tuesday. No, sorry, Wednesday."]),
        ("wednesday", ["not Tuesday, Wednesday"]),
        ("wednesday", ["Tuesday at ten", 'T>{"status":"unavailable"}', "Wednesday then"]),
        ("next week wednesday", ["sometime next week", "Wednesday"]),
        ("thursday", ["any day is fine", "A>Would thursday suit you?", "yes please"]),
    ],
)
def test_a_day_that_was_said(value: str, lines: list[str]) -> None:
    """On Monday the 23rd of November, in any words that mean it."""
    assert is_said("day", value, *lines)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("tuesday", ["I need a plumber"]),
        ("tuesday", ["Can you come on Thursday?"]),
        ("tuesday", ["Tuesday. No, make it Wednesday."]),
        ("tuesday", ["not Tuesday, Wednesday"]),
        ("tuesday", ["Tuesday at ten", 'T>{"status":"unavailable"}', "What about Friday?"]),
        ("tuesday", ["any day but soon", "A>So that is tuesday at ten."]),
        ("thursday", ["on Friday", "A>so that is thursday at ten. shall i book it?", "yes"]),
        ("next tuesday", ["this Tuesday"]),
        ("monday", []),
    ],
)
def test_a_day_that_was_not_said(value: str, lines: list[str]) -> None:
    """Neither what the agent made of it nor what was taken back."""
    assert not is_said("day", value, *lines)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("ten", ["at ten please"]),
        ("10:00 AM", ["Can you come at 10?"]),
        ("half past two", ["2:30 in the afternoon"]),
        ("14:30", ["half past two works"]),
        ("nine", ["at three", 'T>{"free":"half past eight, nine, eleven"}', "the second one"]),
        ("nine", ["at three", 'T>{"free":"half past eight, nine, eleven"}', "nine is good"]),
        ("eleven", ["at ten. No, eleven."]),
        ("noon", ["around noon"]),
        ("ten", ["Tuesday at ten", "my number is four one five two"]),
    ],
)
def test_a_time_that_was_said(value: str, lines: list[str]) -> None:
    """In figures and in words; or chosen of those that a tool told."""
    assert is_said("time", value, *lines)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("ten", ["on Tuesday please"]),
        ("ten", ["at eleven please"]),
        ("ten", ["at ten. No, at eleven."]),
        ("nine", ["at three", 'T>{"free":"half past eight, nine, eleven"}']),
        ("ten", ["K>We are open from ten to six.", "Tuesday please"]),
        ("ten", ["at three", "A>so that is tuesday at ten. shall i book it?", "yes"]),
    ],
)
def test_a_time_that_was_not_said(value: str, lines: list[str]) -> None:
    """Opening hours are no wish; what is only offered is not chosen."""
    assert not is_said("time", value, *lines)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("john smith", ["My name is John Smith."]),
        ("John Smith", ["it's john, john smith"]),
        ("Mr. Smith", ["this is Mr Smith"]),
        ("jon smith", ["John Smith"]),
        ("José Álvarez", ["jose alvarez"]),
        ("mary o'neil", ["Mary O'Neil"]),
        ("smith", ["S M I T H"]),
        ("emma", ["Hi Emma, my name is Emma too"]),
    ],
)
def test_a_name_that_was_said(value: str, lines: list[str]) -> None:
    """As it was heard, whatever its letters."""
    assert is_said("name", value, *lines)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("john smith", ["I need a plumber on Tuesday"]),
        ("anna", ["A>This is Anna.", "Hi Anna, can you come on Tuesday?"]),
        ("tuesday", ["on Tuesday"]),
        ("about", ["Hi, it's about a tap"]),
        ("caller", ["the caller"]),
        ("john smith", ["A>for john smith. shall i book it?", "yes"]),
    ],
)
def test_a_name_that_was_not_said(value: str, lines: list[str]) -> None:
    """Nor the agent's own, by which it was greeted."""
    assert not is_said("name", value, *lines)


def test_a_name_that_was_spelt_is_written_so() -> None:
    """Recognition heard "Smith"; the caller spelt it."""
    said = [Said("caller", "It's Smythe."), Said("caller", "S M Y T H E, Anna Smythe.")]
    tool = Tool("t", "t", (ToolParameter("name", "name", kind="name"),), writes=True)
    checked = grounded(tool, {"name": "anna smith"}, said=said, today=MONDAY, caller_number="")
    assert checked == {"name": "anna smythe"}


@pytest.mark.parametrize(
    "lines",
    [
        ["A>may i have your name?", "It's Grace O'Brien."],
        ["Hello, my name is Grace O'Brien, I need a plumber"],
        ["A>Sorry, what name is it under?", "Um, Grace O'Brien, please."],
    ],
)
def test_a_name_that_the_model_cannot_write_is_taken_from_the_caller(lines: list[str]) -> None:
    """He has given it when he was asked."""
    roles = {"A": "assistant"}
    said = evidence(
        [(roles[line[0]], line[2:]) if line[1:2] == ">" else ("user", line) for line in lines]
    )
    tool = Tool("t", "t", (ToolParameter("name", "name", kind="name"),), writes=True)
    checked = grounded(tool, {"name": "grace olohalps"}, said=said, today=MONDAY, caller_number="")
    assert checked == {"name": "Grace O'Brien"}


@pytest.mark.parametrize(
    ("value", "lines", "number", "expected"),
    [
        ("4155550123", ["four one five, five five five, oh one two three"], "", True),
        ("415 555 0123", ["it's 415-555-0123"], "", True),
        ("415 555 0123", ["four fifteen five fifty five", "oh one twenty three"], "", True),
        ("4155550123", ["the number I call from"], "+14155550123", True),
        ("4155550123", ["my number"], "+12125550100", False),
        ("four seven two", ["the reference is 472"], "", True),
        ("472", ["double four two"], "", False),
        ("472", ['T>{"status":"booked","reference":"four seven two"}', "look it up"], "", True),
    ],
)
def test_a_number(value: str, lines: list[str], number: str, expected: bool) -> None:
    """Digits in any grouping, or those of who calls."""
    assert is_said("digits", value, *lines, number=number) is expected


@pytest.mark.parametrize(
    ("value", "lines", "expected"),
    [
        ("42 elm street", ["It's forty two Elm Street."], True),
        ("42 Elm St", ["42 Elm Street, Rivertown"], True),
        ("42 elm street", ["Elm Street"], False),
        ("42 oak street", ["42 Elm Street"], False),
        ("17 elm street", ["42 Elm Street"], False),
    ],
)
def test_an_address(value: str, lines: list[str], expected: bool) -> None:
    """Its numbers and its names; "street" may be written otherwise."""
    assert is_said("address", value, *lines) is expected


@pytest.mark.parametrize(
    ("value", "lines", "expected"),
    [
        ("leaking tap", ["my tap is leaking"], True),
        ("tooth pain", ["I have a toothache"], True),
        ("drain cleaning", ["K>We offer drain cleaning.", "that one"], True),
        ("drain cleaning", ["can you come on tuesday"], False),
    ],
)
def test_free_words(value: str, lines: list[str], expected: bool) -> None:
    """They may be put otherwise, not be made up."""
    assert is_said("words", value, *lines) is expected


def test_the_first_argument_that_nobody_said_is_asked_for() -> None:
    """With a question that the caller can answer."""
    arguments = {"service": "drain cleaning", "day": "tuesday", "time": "ten", "name": "john"}
    said = evidence([("user", "I need drain cleaning on Tuesday, it's John")])
    checked = grounded(BOOK, arguments, said=said, today=MONDAY, caller_number="")
    assert checked == Unsaid("time", "what time would suit you?", "the time was not said")


def test_a_whole_conversation_is_booked_as_it_was_said() -> None:
    """Nothing is asked of who has said it all."""
    said = evidence(
        [
            ("system", "You are the receptionist."),
            ("user", "Hi, I need an appointment for a sore throat on Friday."),
            ("assistant", "what time would suit you?"),
            ("user", "Three in the afternoon."),
            ("assistant", "may i have your name?"),
            ("user", "Maria Lopez."),
            (
                "assistant",
                "so that is sore throat, friday at three, for maria lopez. book it?",
            ),
            ("user", "Yes."),
        ]
    )
    arguments = {"reason": "sore throat", "day": "friday", "time": "three", "name": "maria lopez"}
    booking = CLINIC.tools[0]
    checked = grounded(booking, arguments, said=said, today=MONDAY, caller_number="")
    assert checked == arguments


def test_every_argument_that_can_be_booked_wrongly_has_its_kind() -> None:
    """Of every vertical's tools: a day is checked as a day."""
    for vertical in (CLINIC, PLUMBER):
        for tool in vertical.tools:
            for parameter in tool.parameters:
                if parameter.name in ("day", "time", "name", "address"):
                    assert parameter.kind == parameter.name
