"""Passages by their words: whatever language they are in, however many there are."""

from uuid import UUID

import pytest

from rag.retrieval.fusion import relevance_floor
from rag.retrieval.words import WordIndexEntry, Words, built, words_of

NORTH, SOUTH = UUID(int=1), UUID(int=2)


def index_of(*texts: str, collection: UUID = NORTH) -> Words:
    """An index of these texts; the first has the id 0."""
    return Words(
        built(
            WordIndexEntry(UUID(int=number), collection, text) for number, text in enumerate(texts)
        )
    )


def best(words: Words, question: str, *, k: int = 5) -> list[int]:
    """The numbers of the texts that the question's words single out, best first."""
    return [UUID(passage_id).int for _, passage_id, _ in words.best(
        question, collections=[NORTH], k=k
    )]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Booked bookings", ["book", "book"]),
        ("Fault E-4711/b", ["fault", "e", "4711", "b", "e4711b"]),
        ("snake_case Stra\u00dfe", ["snake", "case", "strass"]),
        ("\u0427\u0430\u0441\u044b \u0440\u0430\u0431\u043e\u0442\u044b",
         ["\u0447\u0430\u0441\u044b", "\u0440\u0430\u0431\u043e\u0442\u044b"]),
        ("\u0633\u0627\u0639\u0627\u062a \u0627\u0644\u0639\u0645\u0644",
         ["\u0633\u0627\u0639\u0627\u062a", "\u0627\u0644\u0639\u0645\u0644"]),
        ("\u0915\u0940\u092e\u0924", ["\u0915\u0940\u092e\u0924"]),
        ("\u55b6\u696d\u6642\u9593", ["\u55b6\u696d", "\u696d\u6642", "\u6642\u9593"]),
        ("iPhone\u5145\u96fb", ["iphone", "\u5145\u96fb"]),
        ("\u4e2d", ["\u4e2d"]),
    ],
    ids=["english", "code", "german", "russian", "arabic", "hindi", "japanese", "mixed", "one"],
)  # fmt: skip
def test_a_text_is_found_by_the_words_of_its_language(text: str, words: list[str]) -> None:
    """Vowel signs stay with their letters; what is written without spaces goes by pairs."""
    assert words_of(text) == words


def test_a_question_in_another_language_finds_its_passage() -> None:
    """Among others in that language."""
    words = index_of(
        "\u0627\u0644\u0633\u0639\u0631 \u0623\u0631\u0628\u0639\u0648\u0646",
        "\u55b6\u696d\u6642\u9593\u306f\u4e5d\u6642\u304b\u3089",
        "\u99d0\u8eca\u5834\u306f\u7121\u6599\u3067\u3059",
        "\u041c\u044b \u0440\u0430\u0431\u043e\u0442\u0430\u0435\u043c",
    )
    assert best(words, "\u55b6\u696d\u6642\u9593\u306f\u4f55\u6642")[0] == 1
    assert best(words, "\u99d0\u8eca\u5834")[0] == 2
    assert best(words, "\u041c\u044b")[0] == 3


def test_the_best_are_the_best_of_all() -> None:
    """Whatever share of the passages has one of the words, each is told once, best first."""
    texts = [f"service {n} costs {n} dollars" for n in range(500)]
    words = index_of(*texts, "service 7 and 7 again and service 7")
    assert best(words, "what does service 7 cost", k=2) == [500, 7]
    assert len(set(best(words, "service dollars 3 4 5", k=40))) == 40
    assert best(words, "nothing of it") == []
    assert words.best("service", collections=[SOUTH], k=5) == ()
    assert (words.passages_in([NORTH]), words.passages_in([SOUTH])) == (501, 0)


def test_among_more_passages_one_has_to_be_nearer() -> None:
    """By chance alone the nearest of many is nearer than the nearest of few."""
    floors = [relevance_floor(count) for count in (0, 162, 10_000, 100_000)]
    assert floors == sorted(floors)
    assert floors[0] > 0.3
    assert floors[1] < relevance_floor(None) < floors[2]
