"""Numbers in their one spelling, those that are never dialled, and callers who are withheld."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.fleet.caller_places import PLACES, prefix_of
from warmline.kernel.errors import BadInput
from warmline.kernel.phone_numbers import (
    caller_number,
    dialable_number,
    is_dialable,
    normal_number,
)

OFFICE = "+12125550100"


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("+12125550199", "+12125550199"),
        ("+1 (212) 555-0199", "+12125550199"),
        ("  +1.212.555.0199 ", "+12125550199"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("\u202a+1\u00a0212\u2011555\u20110199\u202c", "+12125550199"),  # copied from a page
        ("＋１２１２５５５０１９９", "+12125550199"),
        ("+18005550199", "+18005550199"),
        ("+80012345678", "+80012345678"),
        ("+39 06 1234567", "+39061234567"),
        ("+4915123456789", "+4915123456789"),
    ],
)
def test_a_persons_number_is_kept_in_e164(written: str, e164: str) -> None:
    """However it is spaced; in its normal form it stays."""
    assert dialable_number(written) == normal_number(written) == e164
    assert is_dialable(e164)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("911", "emergency and other short numbers are never dialled"),
        ("112", "emergency"),
        ("+911", "no country has such a number"),
        ("+1911", "no country has such a number"),
        ("+44999", "no country has such a number"),
        ("(212) 555-0199", "for a number in US that would be +12125550199"),
        ("2125550199", "that would be +12125550199"),
        ("0012125550199", "expected an international number with +"),
        ("011 44 20 7946 0018", "that would be +442079460018"),
        ("+19005550199", "a premium-rate number"),
        ("+33892123456", "a premium-rate number"),
        ("+447012345678", "a personal number"),
        ("+870773111632", "in no country"),
        ("+8835100012345", "no"),
        ("+12125550199;ext=22", "an extension cannot be dialled"),
        ("+1 212 555 0199 x22", "an extension cannot be dialled"),
        ("+12125550199,,22#", "expected an international number"),
        ("+12125550199 ext. 4", "an extension cannot be dialled"),
        ("sip:desk@example.com", "a SIP address cannot be dialled"),
        ("sips:desk@example.com", "a SIP address cannot be dialled"),
        ("desk@example.com", "a SIP address cannot be dialled"),
        ("client:amy", "a SIP address cannot be dialled"),
        ("+1800FLOWERS", "expected an international number"),
        ("+10000000000", "no country has such a number"),
        ("+1212555019", "no country has such a number"),
        ("+121255501991", "no country has such a number"),
        ("+", "expected an international number"),
        ("", "expected an international number"),
        ("a person", "expected an international number"),
        ("+1212\x005550199", "expected an international number"),
        ("\ud800", "expected an international number"),
        ("+12125550199" * 10_000, "expected an international number"),
        ("+12125550199\n+12125550198", "expected"),
    ],
)
def test_what_is_never_dialled_is_refused_in_a_sentence(written: str, why: str) -> None:
    """With what was expected; the sentence is short, however long the number was."""
    assert not is_dialable(written)
    with pytest.raises(BadInput) as raised:
        dialable_number(written, near=OFFICE)
    assert why in str(raised.value)
    assert len(str(raised.value)) < 300


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    """And what is taken stays as it is when it is given again."""
    try:
        number = dialable_number(text)
    except BadInput:
        return
    assert dialable_number(number) == number


@pytest.mark.parametrize(
    "said",
    [
        *("+266696687", "+7378742833", "+2562533", "+8566", "+86282452253"),
        *("266696687", "+8656696", "+7748483", "+94844353"),
        *("anonymous", "Anonymous", "ANONYMOUS", "restricted", "unavailable", "unknown", "private"),
        *("", " ", "+", "blocked", "None", "0", "+0"),
        *("sip:anonymous@anonymous.invalid", "sip:+12125550147@example.com", "client:amy"),
        *("+" + "1" * 20, "911", "2125550147", "\x00", "\ud800", "x" * 100_000),
    ],
)
def test_a_withheld_caller_is_nobody_and_nowhere(said: str) -> None:
    """Neither a caller nor a place in Africa or in Europe."""
    assert caller_number(said) == ""
    assert prefix_of(caller_number(said)) == ""


@pytest.mark.parametrize("said", ["+266696687", "+7378742833", "+2562533", "+8566", "+86282452253"])
def test_a_row_from_before_has_no_place_either(said: str) -> None:
    """Round trips are learnt from rows that hold what the carrier wrote then."""
    assert prefix_of(said) == ""


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("+12125550147", "New York City"),
        ("+26622123456", "Southern Africa"),
        ("+256312345678", "East Africa"),
        ("+8613812345678", "China"),
        ("+79161234567", "Russia"),
    ],
)
def test_a_real_number_of_those_countries_stays_where_it_is(said: str, place: str) -> None:
    """Lesotho, Uganda, Russia and China have callers too."""
    assert caller_number(said) == said
    assert PLACES[prefix_of(said)].label == place
