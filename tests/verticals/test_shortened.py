"""What English writing leaves to the reader is said as Americans say it."""

import pytest

from verticals.spoken.shortened import in_pairs
from verticals.spoken.speech import spoken_form

WRITTEN_AND_SAID = {
    "Our number is 4155550123.": "Our number is four one five, five five five, zero one two three.",
    "It's 422 Maple Ave., Suite 300.": "It's four twenty two Maple Avenue, Suite three hundred.",
    "1234 Elm Street.": "twelve thirty four Elm Street.",
    "405 N. Main St.": "four oh five N. Main Street.",
    "We have 422 members.": "We have four hundred and twenty two members.",
    "Room 101.": "Room one oh one.",
    "$80 per hr.": "eighty dollars per hour.",
    "Confirmation #A1B2C3.": "Confirmation number A one B two C three.",
    "Since the 1990s.": "Since the nineteen nineties.",
    "It is 2x faster.": "It is two times faster.",
    "Rev. Smith & Sons, Inc.": "Reverend Smith and Sons, Incorporated.",
    "Is it no. 6?": "Is it number six?",
    "No. I mean it.": "No. I mean it.",
    "Open Sat & Sun.": "Open Saturday and Sunday.",
    "From Jan. - Mar. only": "From January to March only",
    "It's on Maple Ave.": "It's on Maple Avenue.",
    "Between 2-4 PM.": "Between two to four p m.",
    "It may be 10:30-11 AM.": "It may be ten thirty to eleven a m.",
    "2026-12-24T10:30": "December twenty fourth twenty twenty six at ten thirty",
}


@pytest.mark.parametrize(("written", "said"), WRITTEN_AND_SAID.items())
def test_what_is_shortened_is_said_in_full(written: str, said: str) -> None:
    """House numbers in pairs, telephone numbers in groups, abbreviations in words."""
    assert spoken_form(written) == said


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ("422", "four twenty two"),
        ("405", "four oh five"),
        ("400", "four hundred"),
        ("1200", "twelve hundred"),
        ("2000", "two thousand"),
        ("1005", "ten oh five"),
    ],
)
def test_a_house_number_is_said_in_pairs(figures: str, said: str) -> None:
    """As it stands on the door."""
    assert in_pairs(figures) == said
