"""Cards' numbers are masked as people say them and as ears write them, and nothing else is."""

import random

import pytest

from verticals.spoken.card_numbers import MASKED, is_card, masked

# The schemes' own numbers for tests.
CARDS = (
    "4111111111111111", "4012888888881881", "4222222222222", "5555555555554444",
    "5105105105105100", "2223003122003222", "378282246310005", "371449635398431",
    "6011111111111117", "3530111333300000", "30569309025904", "6304000000000000",
)  # fmt: skip
DIGITS = {
    "en": "zero one two three four five six seven eight nine",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
}


def in_words(card: str, language: str) -> str:
    words = DIGITS[language].split()
    return " ".join(words[int(digit)] for digit in card)


def in_groups(card: str, sign: str) -> str:
    return sign.join(card[at : at + 4] for at in range(0, len(card), 4))


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("language", DIGITS)
def test_a_card_number_is_masked_however_it_is_written(card: str, language: str) -> None:
    """In words, in figures, in groups, with capitals and commas."""
    said = in_words(card, language)
    for text in (
        card,
        in_groups(card, " "),
        in_groups(card, "-"),
        in_groups(card, ", "),
        in_groups(card, ". "),
        said,
        said.capitalize() + ".",
        said.replace(" ", ", "),
    ):
        assert masked(f"{text}", language=language) == MASKED + "." * text.endswith(".")


@pytest.mark.parametrize(
    ("text", "language", "kept"),
    [
        ("Mine is four triple one, double one one one, 1111 and 1111.", "en", f"Mine is {MASKED}."),
        ("forty-one eleven, eleven eleven, eleven eleven, eleven eleven", "en", MASKED),
        ("Four one one one, um, one one one one, and then 1111 1111", "en", MASKED),
        ("for 111 1111 1111 1111 thanks", "en", f"{MASKED} thanks"),
        ("4111111111111111 expires 12 26", "en", f"{MASKED} expires 12 26"),
        ("4111 1111 1111 1111, 12 26", "en", f"{MASKED}, 12 26"),
        ("Es la cuarenta y uno once once once once once once once", "es", f"Es la {MASKED}"),
        ("quarante et un onze onze onze onze onze onze onze", "fr", MASKED),
        ("einundvierzig elf elf elf elf elf elf elf bitte", "de", f"{MASKED} bitte"),
        ("my visa is 4111 1111 1111 1112", "en", f"my visa is {MASKED}"),
    ],
)  # fmt: skip
def test_a_card_number_is_masked_among_other_words(text: str, language: str, kept: str) -> None:
    """And the words stay; one digit misheard makes a card's number no other."""
    assert masked(text, language=language) == kept


@pytest.mark.parametrize(
    "text",
    [
        "My number is 415 555 0100.",
        "It's four one five, five five five, oh one oh oh",
        "+44 20 7123 0200",
        "call me at +1 (415) 555-0100 or 650 555 0199",
        "the reference is 4 7 2",
        "a leak at 1200 Main Street, 94105",
        "on the 3rd at 4:30, for 2 hours, $120",
        "two bedrooms, one bath, four hundred square feet",
        "zero zero four four two zero seven one two three zero two zero zero",
        "one one one one one one one one one one one one one one",
        "I have two dogs, one cat, and three kids",
        "",
    ],
)
def test_other_numbers_are_kept(text: str) -> None:
    """Telephone numbers, references, addresses, prices, times."""
    assert masked(text) == text


def test_of_numbers_of_that_length_one_in_ten_is_a_card() -> None:
    """The check digit: a long number of anything else is kept nine times of ten."""
    chance = random.Random(7)
    numbers = [str(chance.randrange(10**15, 10**16)) for _ in range(2000)]
    assert 0.08 < sum(map(is_card, numbers)) / len(numbers) < 0.12
