"""A reference of four digits can be guessed: it opens a booking only with a second fact."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.conftest import Calling, ask, calls_again
from verticals.booking.handlers import MAX_NOT_FOUND
from verticals.booking.identity import is_name_of, is_number_of, same_words

pytestmark = pytest.mark.django_db
VISIT = {"service": "drain cleaning", "day": "tuesday", "time": "ten", "name": "john smith"}
MOBILE = "+12125550142"
FOUND = {"status": "found", "state": "booked"}
NOT_FOUND = {"status": "not found"}


@pytest.fixture
def reference(plumber: Calling) -> str:
    """Of a visit that was booked from the mobile."""
    _, booked = ask(calls_again(plumber, caller_number=MOBILE), "book_visit", VISIT)
    return str(booked["result"]["reference"])


@pytest.mark.parametrize(
    ("caller_number", "name", "found"),
    [
        (MOBILE, None, True),
        (MOBILE, "somebody else", True),
        ("", None, False),
        ("", "", False),
        ("+12125550143", None, False),
        ("+12125550143", "john smith", True),
        ("", "John Smith", True),
        ("", "my name is john smith", True),
        ("", "smith", True),
        ("", "Smith, John", True),
        ("", "john", False),
        ("", "jane smith", False),
        ("", "john smithson", False),
        ("", "john smith jones miller brown", False),
    ],
)
def test_a_booking_is_found_with_its_reference_and_a_second_fact(
    plumber: Calling, reference: str, caller_number: str, name: str | None, found: bool
) -> None:
    """The number that booked it, or the name it is under."""
    caller = calls_again(plumber, caller_number=caller_number)
    said = {"reference": reference} | ({} if name is None else {"name": name})
    _, answer = ask(caller, "check_status", said)
    assert answer["result"] == (FOUND if found else NOT_FOUND)


def test_a_wrong_reference_and_a_wrong_fact_are_told_alike(
    plumber: Calling, reference: str
) -> None:
    """Nobody learns which references there are."""
    caller = calls_again(plumber)
    absent = "one" if reference != "one" else "two"
    said = ({"reference": reference, "name": "mary jones"}, {"reference": absent, "name": "smith"})
    theirs, nobodys = (
        ask(caller, "check_status", arguments, tool_call_id=str(number))
        for number, arguments in enumerate(said)
    )
    assert theirs == nobodys


def test_after_some_tries_a_call_is_told_nothing_more(plumber: Calling, reference: str) -> None:
    """Not even the right answer; another call is."""
    caller = calls_again(plumber)
    for guess in range(MAX_NOT_FOUND):
        arguments = {"reference": str(guess), "name": "john smith"}
        _, answer = ask(caller, "check_status", arguments, tool_call_id=str(guess))
        assert answer["result"] == NOT_FOUND
    right = {"reference": reference, "name": "john smith"}
    _, refused = ask(caller, "check_status", right, tool_call_id="right")
    assert refused == {"ok": False, "result": {"status": "error"}}
    assert ask(calls_again(plumber), "check_status", right)[1]["result"] == FOUND


def test_guesses_at_the_same_time_are_counted_too(plumber: Calling, reference: str) -> None:
    """On connections of their own."""
    caller = calls_again(plumber)

    def guess(number: int) -> str:
        arguments = {"reference": str(number), "name": "john smith"}
        answer = ask(caller, "check_status", arguments, tool_call_id=str(number))
        return str(answer[1]["result"]["status"])

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(guess, range(3 * MAX_NOT_FOUND)))
    assert answers.count("not found") == MAX_NOT_FOUND


@pytest.mark.parametrize(
    ("caller_number", "number", "same"),
    [
        (MOBILE, MOBILE, True),
        ("", "", False),
        ("anonymous", "anonymous", False),
        ("+266696687", "+266696687", False),
        ("+86282452253", "+86282452253", False),
        (MOBILE, "+12125550143", False),
    ],
)
def test_withheld_numbers_are_nobodys(caller_number: str, number: str, same: bool) -> None:
    """Two callers who withhold theirs are not one."""
    assert is_number_of(caller_number, number=number) is same


@pytest.mark.parametrize(
    ("said", "name", "same"),
    [
        ("ÁNGEL PÉREZ", "Angel Perez", True),
        ("straße", "STRASSE", True),
        ("o’brien", "O'Brien", True),
        ("mcdonald", "Mc Donald", True),
        ("ﬁona", "Fiona", True),
        ("mary jones", "mary johns", False),
        ("李小龙", "李小龙", True),
    ],
)
def test_names_are_compared_by_their_letters(said: str, name: str, same: bool) -> None:
    """Case, accents, apostrophes and spaces are how they are written."""
    assert same_words(said, name) is same
    assert is_name_of(said, name=name) is same


@given(st.text(max_size=40), st.text(max_size=40))
def test_who_says_nothing_of_a_name_is_nobody(said: str, name: str) -> None:
    """A name needs letters on both sides, and two that are told alike are each other's."""
    if not _letters(said) or not _letters(name):
        assert not is_name_of(said, name=name)
    if _letters(name):
        assert is_name_of(name, name=name)


def _letters(text: str) -> bool:
    return not same_words(text, "")
