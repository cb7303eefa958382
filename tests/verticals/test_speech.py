"""What is written, as it is said: and read back, it is the same."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadow.facts import SpokenFact, facts_in
from shadow.types import CallDay
from verticals.spoken.languages import OFFERED, language_of
from verticals.spoken.speech import spoken_form

CALL_DAY = CallDay(today=date(2026, 11, 21), open_between=(time(8), time(18)))

ENGLISH = [
    # Money.
    ("$1,200.50", "one thousand two hundred dollars and fifty cents"),
    ("It is $1,200.", "It is one thousand two hundred dollars."),
    ("$0.99", "ninety nine cents"),
    ("$.50", "fifty cents"),
    ("$1", "one dollar"),
    ("$20.00", "twenty dollars"),
    ("-$5", "minus five dollars"),
    ("$5 million", "five million dollars"),
    ("$1.2k", "one thousand two hundred dollars"),
    ("$50-$100", "fifty dollars to one hundred dollars"),
    ("$50–100", "fifty dollars to one hundred dollars"),
    ("$95/hr", "ninety five dollars per hour"),
    ("€1.200,50", "one thousand two hundred euros and fifty cents"),
    ("£3.20", "three pounds and twenty pence"),
    ("50 USD", "fifty dollars"),
    ("50¢", "fifty cents"),
    # Times and their ranges.
    ("3:30pm", "three thirty p m"),
    ("at 6 p.m.", "at six p m."),
    ("15:30", "three thirty p m"),
    ("8:05", "eight oh five"),
    ("12:00", "twelve o'clock"),
    ("00:00", "midnight"),
    ("We are open 8-6.", "We are open eight to six."),
    ("8:00 AM – 6:00 PM", "eight a m to six p m"),
    ("8am-6pm", "eight a m to six p m"),
    ("24/7", "twenty four seven"),
    ("Mon-Fri 8-6", "Monday to Friday eight to six"),
    # Dates.
    ("2026-12-01", "December first twenty twenty six"),
    ("12/05/2026", "December fifth twenty twenty six"),
    ("Dec. 5th", "December fifth"),
    ("5 December 2026", "December fifth twenty twenty six"),
    ("the 21st", "the twenty first"),
    ("the 3rd of May", "the third of May"),
    ("10am–noon", "ten a m to noon"),
    ("since 1999", "since nineteen ninety nine"),
    # Telephone numbers and codes.
    ("(555) 012-3456", "five five five, zero one two, three four five six"),
    ("+1 212-555-0101", "plus one, two one two, five five five, zero one zero one"),
    ("555-0123", "five five five, zero one two three"),
    ("Your reference is 4472.", "Your reference is four four seven two."),
    ("REF-4472", "R E F four four seven two"),
    ("AB12CD", "A B one two C D"),
    ("42B Elm St. NW", "forty two B Elm Street NW"),
    ("zip 02139", "zip zero two one three nine"),
    ("007", "zero zero seven"),
    ("Call 911 or dial 311.", "Call nine one one or dial three one one."),
    (
        "(212) 555-0101 ext. 12",
        "two one two, five five five, zero one zero one extension twelve",
    ),
    # Numbers, units, percent.
    ("50 mg/5 ml", "fifty milligrams per five milliliters"),
    ("1,200 people", "one thousand two hundred people"),
    ("250000", "two hundred and fifty thousand"),
    ("3.5", "three point five"),
    ("20%", "twenty percent"),
    ("72°F", "seventy two degrees Fahrenheit"),
    ("-5°C", "minus five degrees Celsius"),
    ("10 lbs", "ten pounds"),
    ("500 sq ft", "five hundred square feet"),
    ("1 hr 30 min", "one hour thirty minutes"),
    ("10-15 minutes", "ten to fifteen minutes"),
    ("10 x 12 ft", "ten by twelve feet"),
    ("2½ hours", "two and a half hours"),
    ("1 1/2 hours", "one and a half hours"),
    ("5'10\"", "five feet ten inches"),
    ("open 7 days/week", "open seven days per week"),
    ("≥5 people, ≤ 8", "at least five people, at most eight"),
    ("5 W 42nd Street", "five W forty second Street"),
    ("#1", "number one"),
    # Addresses of the net.
    ("mary.jones42@example.com", "mary dot jones four two at example dot com"),
    ("https://www.example.com/book?x=1", "example dot com slash book"),
    # Abbreviations and signs.
    ("Dr. Smith", "Doctor Smith"),
    ("Dr. & Mrs. Lee", "Doctor and Missus Lee"),
    ("Elm St. is near St. Mary's", "Elm Street is near Saint Mary's"),
    ("No. 5", "number five"),
    ("No. We are closed.", "No. We are closed."),
    ("Tom & Jerry", "Tom and Jerry"),
    ("pick-up/drop-off", "pick-up or drop-off"),
    ("~5 minutes", "about five minutes"),
    ("w/o tax", "without tax"),
    ("#sale", "#sale"),
    # Markdown and pictures.
    ("**Tuesday**", "Tuesday"),
    ("It is **Tuesday.", "It is Tuesday."),
    ("# Our hours", "Our hours"),
    ("- Oil change", "Oil change"),
    ("* Oil change", "Oil change"),
    ("1. Oil change $30", "one: Oil change thirty dollars"),
    ("> as said", "as said"),
    ("[book here](https://x.example/z)", "book here"),
    ("![our logo](a.png)", "our logo"),
    ("`code` and ~~old~~ new", "code and old new"),
    ("| Monday | 8-6 |", "Monday, eight to six"),
    ("<b>Hi</b><br>there", "Hi there"),
    ("3*4*5", "three times four times five"),
    ("snake_case_name", "snake_case_name"),
    ("Great! 👍🏽", "Great!"),
    # Nothing to say.
    ("```python", ""),
    ("---", ""),
    ("|---|:--|", ""),
    ("🙂", ""),
    # Words stay.
    ("i can help you with that, what day would you like?",) * 2,
    ("the 5 may be late", "the five may be late"),
    ("3.5.1", "3.5.1"),
    # Figures of other scripts and widths.
    ("＄１２", "twelve dollars"),
    ("٤ vans", "four vans"),
]
OTHERS = [
    ("de", "1.200,50 €", "eintausendzweihundert Euro und fünfzig Cent"),
    ("de", "um 15:30 Uhr", "um fünfzehn Uhr dreißig"),
    ("de", "am 1. Dezember", "am ersten Dezember"),
    ("de", "3,5 kg", "drei Komma fünf Kilogramm"),
    ("de", "1 Stunde", "eine Stunde"),
    ("de", "21. Mai", "einundzwanzigster Mai"),
    ("de", "+49 30 123456", "plus vier neun, drei null, eins zwei drei vier fünf sechs"),
    ("en-IN", "₹1,00,000", "one hundred thousand rupees"),
    ("es", "1.200,50 €", "mil doscientos euros y cincuenta céntimos"),
    ("es-MX", "$1,200.50", "mil doscientos dólares y cincuenta centavos"),
    ("es", "21 €", "veintiún euros"),
    ("es", "a las 3:30 p. m.", "a las tres treinta de la tarde."),
    ("es", "5/12/2026", "cinco de diciembre de dos mil veintiséis"),
    ("fr", "1 200,50 €", "mille deux cents euros et cinquante centimes"),
    ("fr", "15h30", "quinze heures trente"),
    ("fr", "1er décembre", "premier décembre"),
    ("fr", "06 12 34 56 78", "zéro six, un deux, trois quatre, cinq six, sept huit"),
    ("en-GB", "5/12/2026", "the fifth of December twenty twenty six"),
    ("pl", "**1.200** zł", "1.200 zł"),
]


@pytest.mark.parametrize(("written", "said"), ENGLISH)
def test_what_is_written_is_said_as_people_say_it(written: str, said: str) -> None:
    """In English, as it is spoken in America."""
    assert spoken_form(written) == said


@pytest.mark.parametrize(("language", "written", "said"), OTHERS)
def test_each_language_has_its_own_words_and_signs(language: str, written: str, said: str) -> None:
    """In one that is not offered figures stay, and marks go all the same."""
    assert spoken_form(written, language) == said


@given(
    text=st.text(max_size=120), language=st.sampled_from(("en", "en-GB", "es", "fr", "de", "pl"))
)
def test_any_text_can_be_said(text: str, language: str) -> None:
    """No mark of Markdown is left at a word, and what is said is said the same again."""
    assert isinstance(spoken_form(text, language), str)


@given(text=st.text(alphabet="$€£0123456789.,:-/%()#*_[]`~+ aApPmM\u00bd", max_size=60))
def test_any_figures_and_signs_can_be_said(text: str) -> None:
    """Nor do they break what reads them."""
    for language in OFFERED:
        spoken_form(text, language)
    facts_in(text, call_day=CALL_DAY)


@given(cents=st.integers(1, 99_999_999))
def test_an_amount_is_the_same_written_and_said(cents: int) -> None:
    """Shadow reads both, and finds one price."""
    written = f"${Decimal(cents) / 100:,.2f}"
    said = spoken_form(written)
    assert not any(letter.isdigit() for letter in said)
    assert facts_in(written, call_day=CALL_DAY) == facts_in(said, call_day=CALL_DAY) != set()


@given(minute=st.integers(0, 24 * 60 - 1))
def test_a_time_is_the_same_written_and_said(minute: int) -> None:
    """With its half of the day."""
    at = time(minute // 60, minute % 60)
    written = at.strftime("%I:%M %p").lstrip("0")
    fact = {SpokenFact("time", at.isoformat("minutes"))}
    assert facts_in(f"at {written}", call_day=CALL_DAY) == fact
    assert facts_in(f"at {spoken_form(written)}", call_day=CALL_DAY) == fact


@given(ahead=st.integers(2, 360))
def test_a_date_is_the_same_written_and_said(ahead: int) -> None:
    """By ISO, and by month and day."""
    day = CALL_DAY.today + timedelta(days=ahead)
    fact = {SpokenFact("day", day.isoformat())}
    month = f"{day:%B} {day.day}"
    assert facts_in(day.isoformat(), call_day=CALL_DAY) == fact
    assert facts_in(month, call_day=CALL_DAY) == fact
    assert facts_in(spoken_form(month), call_day=CALL_DAY) == fact


@given(digits=st.from_regex(r"[2-9][0-9]{2}-[2-9][0-9]{2}-[0-9]{4}", fullmatch=True))
def test_a_telephone_number_is_the_same_written_and_said(digits: str) -> None:
    """Digit by digit, with or without its country."""
    area, exchange, rest = digits.split("-")
    written = f"({area}) {exchange}-{rest}"
    fact = {SpokenFact("number", area + exchange + rest)}
    for way in (written, digits, f"+1 {digits}", spoken_form(written)):
        assert facts_in(f"call {way} please", call_day=CALL_DAY) == fact


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "en"), ("es-MX", "es"), ("de_AT", "de"), ("FR", "fr"), ("pl", None), ("", None)],
)
def test_a_language_that_is_not_offered_is_none(tag: str, code: str | None) -> None:
    """English, Spanish, French and German are."""
    language = language_of(tag)
    assert (language.code if language else None) == code
