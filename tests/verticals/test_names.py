"""Names, addresses and phrases as they are written, in any alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verticals.spoken.names import address_case, name_case, phrase_case
from warmline.kernel.abbreviations import ends_in_abbreviation
from warmline.kernel.matching import match_key


@pytest.mark.parametrize(
    "name",
    [
        "Ángel O’Brien",
        "DeShawn McDonald",
        "John McDonald",
        "Jean-Luc d’Arc",
        "Martin Luther King Jr.",
        "Łukasz Żak",
        "ludwig van Beethoven",
        "JJ",
        "MacKenzie",
        "李小龙",
        "Mary O'Neil-van Dyk",
        "Ὀδυσσεύς",
    ],
)
def test_a_name_that_came_with_capitals_is_kept_as_given(name: str) -> None:
    """Whoever wrote it knew it."""
    assert name_case(name) == name


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("ángel o’brien", "Ángel O’Brien"),
        ("a\u0301ngel", "Ángel"),
        ("john mcdonald", "John McDonald"),
        ("macy mcgee", "Macy McGee"),
        ("mary's", "Mary's"),
        ("dell'acqua", "Dell'Acqua"),
        ("élodie de la tour", "Élodie de la Tour"),
        ("joão da silva", "João da Silva"),
        ("martin luther king jr.", "Martin Luther King Jr."),
        ("\ufb01ona", "Fiona"),
        ("de la cruz", "De la Cruz"),
        ("mary jones.", "Mary Jones"),
        ("олег попов", "Олег Попов"),
        ("ÉLODIE DUPONT", "Élodie Dupont"),
        ("HENRY VIII", "Henry VIII"),
        ("john smith iii", "John Smith III"),
    ],
)
def test_a_name_that_was_only_heard_gets_its_capitals(said: str, written: str) -> None:
    """Speech to text writes none."""
    assert name_case(said) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("42B Elm St. NW", "42B Elm St. NW"),
        ("42b elm street nw", "42B Elm Street NW"),
        ("5 north 42nd street", "5 North 42nd Street"),
        ("apt 4c, 12 o’brien road", "Apt 4C, 12 O’Brien Road"),
        ("1600 pennsylvania ave. n.w.", "1600 Pennsylvania Ave. N.W."),
        ("7 mcdonald’s lane", "7 McDonald’s Lane"),
        ("po box 12", "PO Box 12"),
        ("königstraße 12a", "Königstraße 12A"),
        ("21 rue de l’église", "21 Rue de L’Église"),
        ("iPark Tower, 9 McKinley Ave", "iPark Tower, 9 McKinley Ave"),
        ("10 downing street sw1a 2aa", "10 Downing Street SW1A 2AA"),
        ("100 w 42nd st, new york, ny 10036", "100 W 42nd St, New York, NY 10036"),
    ],
)
def test_an_address_keeps_its_letters(said: str, written: str) -> None:
    """Flats and quarters of a town are in capitals, numbers' endings are not."""
    assert address_case(said) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("drain cleaning.", "Drain cleaning"),
        ("élan check", "Élan check"),
        ("iPhone repair", "iPhone repair"),
        ("A/C repair", "A/C repair"),
        ("\ufb01x the sink", "Fix the sink"),
        ("", ""),
    ],
)
def test_a_phrase_begins_with_a_capital_unless_it_has_its_own(said: str, written: str) -> None:
    """ "iPhone" stays."""
    assert phrase_case(said) == written


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\ufb01x", "FIX"),
        ("Ángel", "A\u0301NGEL"),
        ("Straße", "STRASSE"),
        ("O’Brien", "o'brien"),
        ("o´clock", "o'clock"),
        ("ＡＢＣ", "abc"),
        ("co\u00adoperate", "cooperate"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("№ 5", "no 5"),
    ],
)
def test_the_same_words_match_in_whatever_letters_they_came(one: str, other: str) -> None:
    """Ligatures, accents, cases, widths, apostrophes and what cannot be seen."""
    assert match_key(one) == match_key(other)


@given(text=st.text(max_size=40))
def test_a_key_is_its_own_key_and_a_case_is_its_own_case(text: str) -> None:
    """Doing it twice changes nothing, and every name matches what was said."""
    assert match_key(match_key(text)) == match_key(text)
    assert name_case(name_case(text)) == name_case(text)


@pytest.mark.parametrize(
    ("text", "following", "abbreviated"),
    [
        ("ask for Dr.", "Lee", True),
        ("at 9 a.m.", "Then", True),
        ("J.", "Smith", True),
        ("the U.S.", "market", True),
        ("at Mary's.", "Then", False),
        ("it is open.", "we", False),
        ("No.", "5", True),
        ("No.", "We are closed", False),
        ("No.", "", None),
        ("on Dec.", "5th", True),
        ("Elm Ave.", "in Boston", True),
        ("Elm Ave.", "We open", False),
    ],
)
def test_a_full_stop_that_belongs_to_a_word_is_known(
    text: str, following: str, *, abbreviated: bool | None
) -> None:
    """It ends no sentence; what follows may be needed to know."""
    assert ends_in_abbreviation(text, following=following) is abbreviated
