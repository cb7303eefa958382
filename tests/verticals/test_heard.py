"""What a recogniser wrote becomes the words that were said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verticals.spoken.heard import heard_form

WRITTEN_AND_SAID = {
    "Hello, do you charge extra for visits?": "hello do you charge extra for visits",
    "I'd like Tuesday at 10, please.": "i'd like tuesday at ten please",
    "Can I come at 10:30 or 2:05?": "can i come at ten thirty or two oh five",
    "At 9 AM. No, 9:30 a.m.!": "at nine a m no nine thirty a m",
    "Wednesday at 9.15, or 3.30pm.": "wednesday at nine fifteen or three thirty p m",
    "It's 2.5 miles, 2.50 dollars, 3.75%.": (
        "it's two point five miles two point five zero dollars three point seven five percent"
    ),
    "Half past 7, or 7 o'clock.": "half past seven or seven o'clock",
    "3PM on the 21st": "three p m on the twenty first",
    "March 3rd works, or 12/14.": "march third works or december fourteenth",
    "My number is 4155550123.": "my number is four one five five five five zero one two three",
    "It's (415) 555-0123.": "it's four one five five five five zero one two three",
    "415-555-0123": "four one five five five five zero one two three",
    "Is it $95 or $1,200.50?": (
        "is it ninety five dollars or one thousand two hundred dollars and fifty cents"
    ),
    "It was 150 dollars.": "it was one hundred fifty dollars",
    "My reference is 472.": "my reference is four seven two",
    "The code is AB472.": "the code is a b four seven two",
    "Dr. Nguyen, at 42 St. Mary's Rd.": "doctor nguyen at forty two saint mary's road",
    "I'm at 422 Maple Ave.": "i'm at four two two maple avenue",
    "A table for 6, maybe 8.": "a table for six maybe eight",
    "Uh... yes — um, no!": "uh yes um no",
    "It's john.smith@gmail.com.": "it's john dot smith at gmail dot com",
    "Mr. O’Brien's A/C, 24/7.": "mister o'brien's a c twenty four seven",
    "We're 50% sure & ready.": "we're fifty percent sure and ready",
    "[BLANK_AUDIO]": "",
    "(laughs) Okay. ♪♪": "okay",
    "In 2026, yes.": "in twenty twenty six yes",
    "José's café": "josé's café",
    "Between 2-4 PM.": "between two to four p m",
    "2 or 3 people": "two or three people",
    "": "",
}


@pytest.mark.parametrize(("written", "said"), WRITTEN_AND_SAID.items())
def test_a_transcript_is_read_as_it_was_said(written: str, said: str) -> None:
    """Figures, signs, titles and capitals as the words that the caller used."""
    assert heard_form(written) == said


@pytest.mark.parametrize("said", [said for said in WRITTEN_AND_SAID.values() if said])
def test_what_was_said_in_words_stays(said: str) -> None:
    """A recogniser that writes words alone is left as it is, and twice is as good as once."""
    assert heard_form(said) == said


@given(st.text(max_size=80))
def test_any_text_becomes_words_or_nothing(text: str) -> None:
    """Whatever a recogniser writes, the model gets words in small letters."""
    words = heard_form(text)
    assert words == words.lower()
    assert "  " not in words
    assert not any(sign in words for sign in '.,!?;:"$%()')
