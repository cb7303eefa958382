"""Digits that callers say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verticals.spoken.numbers import UNITS, digits_of, words_of


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("four seven two", "472"),
        ("double four seven two", "4472"),
        ("seven double two", "722"),
        ("triple oh", "000"),
        ("treble nine", "999"),
        ("double oh seven", "007"),
        ("double 4 7", "447"),
        ("oh", "0"),
        ("seven o two", "702"),
        ("oh it's four seven two", "472"),
        ("my reference is 4-4-7-2.", "4472"),
        ("4545#", "4545"),
        ("4545 pound", "4545"),
        ("forty seven twenty two", "4722"),
        ("nineteen eighty four", "1984"),
        ("four hundred and seventy two", "472"),
        ("four thousand seven hundred and two", "4702"),
        ("four to seven", "427"),
        ("４７２", "472"),
        ("٤٧٢", "472"),
        ("4,472", "4472"),
        ("  4 7 2, please!", "472"),
    ],
)
def test_digits_are_understood_in_every_way_they_are_said(said: str, digits: str) -> None:
    """One by one, doubled, in pairs, as one number, in figures of any script."""
    assert digits_of(said) == digits


@pytest.mark.parametrize(
    "said",
    [
        *("", "um", "mary", "a b four", "double", "double forty", "double double four"),
        *("four five hundred", "a hundred", "hundred", "four seven hundred two three"),
        *("four seven two no four seven three", "four or five", "not four seven two"),
        *("i am looking for four seven two", "the one for mary is four seven two"),
        *("4:30", "$472", "1/2", "½", "4²", "4.5", "-", "minus four", "4472nd", "472_1"),
        *("four seven something", "half past four", "cuatro siete dos", "472 or 473"),
    ],
)
def test_words_that_are_no_digits_are_asked_about(said: str) -> None:
    """No word is skipped."""
    assert digits_of(said) is None


@given(
    digits=st.text("0123456789", min_size=1, max_size=8),
    ways=st.lists(st.integers(0, 2), min_size=8, max_size=8),
)
def test_digits_said_in_any_way_are_read_back(digits: str, ways: list[int]) -> None:
    """Words, figures, and "double" where two are alike."""
    said: list[str] = []
    at = 0
    while at < len(digits):
        digit, way = digits[at], ways[at]
        if way == 2 and digits[at : at + 2] == digit * 2:
            said.append(f"double {UNITS[int(digit)]}")
            at += 2
            continue
        said.append(digit if way else UNITS[int(digit)])
        at += 1
    assert digits_of(" ".join(said)) == digits


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ángel O’Brien", ["ángel", "o'brien"]),
        ("\ufb01x it at 4pm", ["fix", "it", "at", "4", "pm"]),
        ("9 a.m., twenty-one", ["9", "am", "twenty", "one"]),
    ],
)
def test_words_are_whole_in_any_alphabet(text: str, words: list[str]) -> None:
    """No letter is lost."""
    assert words_of(text) == words
