"""The heard truth."""

from hypothesis import given
from hypothesis import strategies as st

from telephony.media.audio.playout import Playout, heard_words


def sentence(playout: Playout, mark: str, text: str, *, ms: int, now_ms: float) -> None:
    spoken = playout.begin(turn=1, index=0, text=text, mark=mark, now_ms=now_ms)
    playout.sent(spoken, b"\x10" * ms * 8, now_ms=now_ms)
    spoken.complete = True


def test_a_mark_says_that_its_sentence_was_heard() -> None:
    """And those before it, if their marks were lost."""
    playout = Playout()
    sentence(playout, "a", "First one.", ms=1000, now_ms=0)
    sentence(playout, "b", "Second one.", ms=1000, now_ms=0)
    assert [h.text for h in playout.reached("b", now_ms=2000)] == ["First one.", "Second one."]
    assert playout.empty


def test_unknown_marks_mean_nothing() -> None:
    """A carrier returns the marks that a clear dropped."""
    playout = Playout()
    sentence(playout, "a", "First one.", ms=1000, now_ms=0)
    playout.cut(500)
    assert playout.reached("a", now_ms=510) == []


def test_a_cut_in_a_sentence_keeps_the_words_before_it() -> None:
    """By the time that the sentence had been playing."""
    playout = Playout()
    sentence(playout, "a", "one two three four five six", ms=2700, now_ms=0)
    [heard] = playout.cut(1500)
    assert (heard.text, heard.whole) == ("one two three", False)


def test_a_sentence_that_had_not_begun_was_not_heard() -> None:
    """Sent is not heard."""
    playout = Playout()
    sentence(playout, "a", "First one.", ms=1000, now_ms=0)
    sentence(playout, "b", "Second one.", ms=1000, now_ms=0)
    assert [(h.text, h.whole) for h in playout.cut(1000)] == [("First one.", True), ("", False)]


def test_marks_correct_the_clock() -> None:
    """The carrier began late: the next sentence is counted from the mark."""
    playout = Playout()
    sentence(playout, "a", "First one.", ms=1000, now_ms=0)
    sentence(playout, "b", "one two three four five six", ms=2700, now_ms=0)
    playout.reached("a", now_ms=2000)
    [heard] = playout.cut(2100)
    assert heard.text == ""


def test_a_mark_that_never_comes_back_is_overdue() -> None:
    """The call goes on without it."""
    playout = Playout()
    sentence(playout, "a", "First one.", ms=1000, now_ms=0)
    assert playout.overdue(3900, grace_ms=3000) is None
    assert playout.overdue(4100, grace_ms=3000) == "a"


@given(st.text(alphabet="ab c"), st.floats(-1, 2))
def test_heard_words_are_a_beginning_of_the_sentence(text: str, share: float) -> None:
    """Never a word that was not said, never out of order."""
    heard = heard_words(text, share).split()
    assert text.split()[: len(heard)] == heard


@given(st.text(alphabet="ab c"))
def test_all_of_a_sentence_is_all_its_words(text: str) -> None:
    """And nothing of it is none."""
    assert heard_words(text, 1.0).split() == text.split()
    assert heard_words(text, 0.0) == ""


def test_what_was_held_is_said_on_from_a_quiet_place() -> None:
    """A little before the cut, between words; what was heard counts from its own mark."""
    playout = Playout()
    spoken = playout.begin(turn=1, index=0, text="one two three", mark="a", now_ms=0)
    loud, quiet = b"\x10" * 160, b"\xff" * 160
    playout.sent(spoken, loud * 20 + quiet * 3 + loud * 30, now_ms=0)
    spoken.complete = True
    playout.hold(600)
    assert playout.reached("a", now_ms=650) == []
    heard, [(again, audio)] = playout.resume(1500)
    assert (heard, again, audio) == ([], spoken, quiet + loud * 30)
    assert spoken.ends_ms == playout.ends_ms == 1500 + 31 * 20
    assert [h.text for h in playout.reached("a", now_ms=2200)] == ["one two three"]


def test_a_hold_at_the_end_of_a_sentence_says_nothing_again() -> None:
    """Its last moment is no word; the next sentence begins."""
    playout = Playout()
    sentence(playout, "a", "First one.", ms=1000, now_ms=0)
    sentence(playout, "b", "Second one.", ms=1000, now_ms=0)
    playout.hold(950)
    heard, [(again, audio)] = playout.resume(2000)
    assert [h.text for h in heard] == ["First one."]
    assert (again.text, len(audio)) == ("Second one.", 8000)


def test_what_is_held_may_be_cut() -> None:
    """Heard is what had been played before the hold, however late it is decided."""
    playout = Playout()
    sentence(playout, "a", "one two three four five six", ms=2700, now_ms=0)
    playout.hold(1500)
    [heard] = playout.cut(9000)
    assert (heard.text, heard.whole) == ("one two three", False)
