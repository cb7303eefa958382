"""Sentences out of a stream of words, streams out of packets, and endings."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.media.replicas.completion import Remainder
from telephony.media.replicas.errors import BadStream
from telephony.media.replicas.sse import CompletionReader
from telephony.media.speech.phrases import NOBODY_THERE, STILL_THERE, ends_the_call, in_language
from telephony.media.speech.sentences import SentenceCutter

TEXT = (
    "Yes, Dr. Smith is in. The fee is $3.50 at 10 a.m. on weekdays! Shall I book it? \n it is free"
)


def cut(pieces: list[str], *, clause_first: bool = False) -> list[str]:
    cutter = SentenceCutter(clause_first=clause_first)
    return [sentence for piece in pieces for sentence in cutter.feed(piece)] + cutter.finish()


def test_sentences_end_where_a_speaker_would_pause() -> None:
    """Abbreviations and numbers are no ends."""
    assert cut([TEXT]) == [
        "Yes, Dr. Smith is in.",
        "The fee is $3.50 at 10 a.m. on weekdays!",
        "Shall I book it?",
        "it is free",
    ]


@given(st.data())
def test_packets_do_not_change_the_sentences(data: st.DataObject) -> None:
    """Wherever the stream is cut."""
    at = sorted(data.draw(st.lists(st.integers(0, len(TEXT)), max_size=8)))
    pieces = [TEXT[start:end] for start, end in zip([0, *at], [*at, len(TEXT)], strict=True)]
    assert cut(pieces) == cut([TEXT])


@given(st.lists(st.text(alphabet="ab .?!,\n"), max_size=20))
def test_no_word_is_lost_and_none_is_doubled(pieces: list[str]) -> None:
    """Everything that can be spoken is spoken once."""
    letters = "".join(c for c in "".join(pieces) if c.isalnum())
    assert "".join(c for sentence in cut(pieces) for c in sentence if c.isalnum()) == letters


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "We are open until six today, and on Saturday until noon, too. Fine, then.",
            ["We are open until six today,", "and on Saturday until noon, too.", "Fine, then."],
        ),
        ("Yes, we are. On Monday, for one.", ["Yes, we are.", "On Monday, for one."]),
        ("It is $1,200 in all, sir.", ["It is $1,200 in all,", "sir."]),
        ("Yes, Dr. Smith is in on Monday, at noon.", ["Yes, Dr. Smith is in on Monday, at noon."]),
        (
            "That (on most days, at least) is so, yes.",
            ["That (on most days, at least) is so, yes."],
        ),
    ],
)
def test_an_answer_may_begin_with_a_clause(text: str, pieces: list[str]) -> None:
    """The very first piece alone, and not with a word or two."""
    assert cut([text], clause_first=True) == pieces


@given(st.data())
def test_packets_do_not_change_the_first_clause(data: st.DataObject) -> None:
    """Wherever the stream is cut."""
    text = "I can do that for you, of course, on Tuesday. Shall I?"
    at = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[start:end] for start, end in zip([0, *at], [*at, len(text)], strict=True)]
    assert cut(pieces, clause_first=True) == cut([text], clause_first=True)


@given(st.lists(st.text(alphabet="ab .?!,\n"), max_size=20))
def test_no_word_is_lost_where_a_clause_comes_first(pieces: list[str]) -> None:
    """Everything that can be spoken is spoken once."""
    letters = "".join(c for c in "".join(pieces) if c.isalnum())
    said = cut(pieces, clause_first=True)
    assert "".join(c for sentence in said for c in sentence if c.isalnum()) == letters


def test_a_sentence_without_an_end_is_spoken_all_the_same() -> None:
    """Past a length it is cut at a pause."""
    cutter = SentenceCutter()
    first = [s for _ in range(60) for s in cutter.feed("and then, you see, ")]
    assert first
    assert all(len(sentence) <= 240 for sentence in first)


@pytest.mark.parametrize(
    ("text", "language", "sentences"),
    [
        ("It is $1,200.50 in all. Fine.", "en", ["It is $1,200.50 in all.", "Fine."]),
        ("Take 3.5 mg. Then rest.", "en", ["Take 3.5 mg.", "Then rest."]),
        ("See Dr. Smith. Ok.", "en", ["See Dr. Smith.", "Ok."]),
        ("No. We are closed.", "en", ["No.", "We are closed."]),
        ("It is No. 5 there. Ok.", "en", ["It is No. 5 there.", "Ok."]),
        ("On Dec. 5th. Ok.", "en", ["On Dec. 5th.", "Ok."]),
        ("At Mary's. Ok.", "en", ["At Mary's.", "Ok."]),
        ("It is **Tuesday.** Ok.", "en", ["It is **Tuesday.**", "Ok."]),
        ("We do:\n1. Oil change\n2. Tires", "en", ["We do:", "1. Oil change", "2. Tires"]),
        ("Call (555) 012-3456. Ok.", "en", ["Call (555) 012-3456.", "Ok."]),
        ("See https://a.example/b.c?d. Ok.", "en", ["See https://a.example/b.c?d.", "Ok."]),
        ("Am 5. Dezember um 8. Dann geht es.", "de", ["Am 5. Dezember um 8.", "Dann geht es."]),
        ("“Yes.” she said.", "en", ["“Yes.”", "she said."]),
        ("Ends with No.", "en", ["Ends with No."]),
    ],
)
@pytest.mark.parametrize("step", [1, 3, 100])
def test_a_sentence_is_cut_in_no_number_and_no_abbreviation(
    text: str, language: str, sentences: list[str], step: int
) -> None:
    """However the words come."""
    cutter = SentenceCutter(language)
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    said = [sentence for piece in pieces for sentence in cutter.feed(piece)] + cutter.finish()
    assert said == sentences


def test_a_long_sentence_is_cut_in_no_telephone_number() -> None:
    """Nor is a web address torn."""
    words = "please note it down " * 11
    [first, *_] = cut([f"{words}and call us at (555) 012-3456 or (555) 012-3457 today"])
    assert not first.endswith(("(555)", "(555) 012-3456 or (555)"))
    address = "https://example.com/" + "a" * 400
    assert cut([address[:300], address[300:]]) == [address]


def chunk(**choice: object) -> bytes:
    return b"data: " + msgspec.json.encode({"choices": [choice]}) + b"\n\n"


def test_packets_may_split_a_character() -> None:
    """Bytes become text only as whole lines."""
    stream = chunk(delta={"content": "café"}) + b"data: [DONE]\n\n"
    reader = CompletionReader()
    assert "".join(reader.feed(stream[n : n + 1]) for n in range(len(stream))) == "café"
    assert reader.done


def test_tool_calls_are_assembled_from_their_pieces() -> None:
    """Name and arguments come in deltas."""
    reader = CompletionReader()
    first = {"index": 0, "id": "c1", "function": {"name": "book", "arguments": '{"da'}}
    reader.feed(chunk(delta={"tool_calls": [first]}))
    reader.feed(
        chunk(delta={"tool_calls": [{"index": 0, "function": {"arguments": 'y": "tuesday"}'}}]})
    )
    [call] = reader.calls()
    assert (call.id, call.name, call.arguments) == ("c1", "book", '{"day": "tuesday"}')


def test_words_after_the_end_are_not_said() -> None:
    """Deltas after the finish or after DONE."""
    reader = CompletionReader()
    reader.feed(chunk(delta={"content": "yes"}, finish_reason="stop"))
    assert reader.feed(chunk(delta={"content": "more"})) == ""
    reader.feed(b"data: [DONE]\n")
    assert reader.feed(chunk(delta={"content": "more"})) == ""


@pytest.mark.parametrize(
    "stream",
    [
        b"data: {not json}\n",
        b"data: [[[[\n",
        b'data: {"choices": 5}\n',
        b"data: \xff\xfe\n",
        b'data: {"error": {"message": "no"}}\n',
        b"data: " + b"[" * 10_000 + b"\n",
        b"x" * 300_000,
        chunk(delta={"content": "x" * 5000}),
        chunk(
            delta={"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": "x" * 9000}}]}
        ),
        chunk(delta={"tool_calls": [{"index": n, "function": {"name": "f"}} for n in range(9)]}),
    ],
)
def test_what_is_no_completion_is_refused(stream: bytes) -> None:
    """Garbage, and more than any answer needs."""
    with pytest.raises(BadStream):
        CompletionReader().feed(stream)


@pytest.mark.parametrize(
    ("reply", "last"),
    [
        ("Thank you for calling Miller Plumbing. Goodbye.", True),
        ("thank you for calling. good bye!", True),
        ("Bye bye.", True),
        ("**Goodbye!** 👋", True),
        ("GOOD-BYE…", True),
        ("Muchas gracias. Adiós.", True),
        ("Vielen Dank, auf Wiederhören!", True),
        ("Goodbye is what I say. Anything else?", False),
        ("You are booked for tuesday.", False),
        ("", False),
        ("Shall I say goodbye?", False),
    ],
)
def test_an_answer_that_takes_leave_is_the_last(reply: str, *, last: bool) -> None:
    """A goodbye at its end, and no question."""
    assert ends_the_call(reply) is last


@pytest.mark.parametrize("cut", range(1, 40, 3))
@pytest.mark.parametrize("step", [1, 4, 100])
def test_what_was_said_is_left_out_of_an_answer_given_anew(cut: int, step: int) -> None:
    """Wherever it broke off and however the new one comes in pieces."""
    answer = " We are open from eight to six on mondays."
    remainder = Remainder(answer[:cut])
    rest = "".join(remainder.of(answer[n : n + step]) for n in range(0, len(answer), step))
    assert (answer[:cut].strip() + rest).strip() == answer.strip()


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en-GB", "Are you still there?"),
        ("es-MX", "¿Sigue usted ahí?"),
        ("fr", "Êtes-vous toujours là ?"),
        ("de-AT", "Sind Sie noch da?"),
        ("pl", "Are you still there?"),
    ],
)
def test_fixed_phrases_are_in_the_agents_language(tag: str, said: str) -> None:
    """English for one that is not offered; a goodbye is one in each."""
    assert in_language(STILL_THERE, tag) == said
    assert ends_the_call(in_language(NOBODY_THERE, tag))


def test_another_answer_is_given_whole() -> None:
    """It differs after a few words that are the same."""
    remainder = Remainder("We are open until six")
    assert (
        "".join(remainder.of(words) for words in ("We", " are", " closed", " today."))
        == " We are closed today."
    )
