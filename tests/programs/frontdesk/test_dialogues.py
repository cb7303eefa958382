"""The generator and the evaluation: what they promise without a model."""

import itertools
import random
from dataclasses import replace

import pytest

from programs.frontdesk.dialogues import callers, dialogues, lexicon, phrases
from programs.frontdesk.dialogues.bookings import Booking
from programs.frontdesk.dialogues.render import message_text
from programs.frontdesk.evaluation import cases, scoring
from programs.frontdesk.evaluation.baselines import MostFrequent, Nearest, training_turns
from programs.frontdesk.evaluation.scoring import Case, Reply, Score
from programs.frontdesk.types import Dialogue, ToolCall


def test_a_seed_gives_the_same_dialogue_for_ever() -> None:
    """Training can resume, and the evaluation asks everyone the same."""
    assert dialogues.dialogue(7, stage=dialogues.FULL) == dialogues.dialogue(
        7, stage=dialogues.FULL
    )


def test_some_callers_want_a_person_in_their_first_words() -> None:
    """At every stage that training comes to after its drill:
    what never stood first is not understood there.
    """
    for stage in (dialogues.FULL, dialogues.PRACTICE):
        drawn = (dialogues.dialogue(seed, stage=stage).messages for seed in range(400))
        firsts = [
            next(each for each in messages[2:] if each.role == "assistant") for messages in drawn
        ]
        assert any(each.act == "transfer" for each in firsts)


def test_everything_the_agent_must_say_stands_in_what_it_was_given() -> None:
    """Tool arguments are copied: none holds a word that the call did not hold before."""
    for case in cases.cases(cases.calls_a_tool, count=50):
        heard = " ".join(message_text(message) for message in case.dialogue.messages)
        assert case.wanted.call is not None
        assert all(value in heard for _, value in case.wanted.call.arguments)


def test_training_books_services_in_words_of_its_own_and_none_that_is_held_out() -> None:
    """The words of lists come in other orders and companies;
    the evaluation draws from its lists alone.
    """
    for vertical in lexicon.VERTICALS:
        listed = lexicon.by_vertical("services")[vertical]
        trained, evaluated = (
            {
                lexicon.Lexicon(random.Random(seed), held=held, wild=0.0).thing(vertical)
                for seed in range(300)
            }
            for held in (False, True)
        )
        assert trained - set(listed), vertical
        assert not any(lexicon.held_out(thing) for thing in trained), vertical
        assert evaluated <= set(lexicon.side(listed, held=True)), vertical


def test_training_rehearses_answers_and_readings_back() -> None:
    """Half as many again in such a call;
    each answer stands in what the call was given before, word for word.
    """
    rehearsed, plain = (
        [
            message.act
            for seed in range(200)
            for message in dialogues.dialogue(seed, stage=stage).messages
        ]
        for stage in (replace(dialogues.PRACTICE, rehearsals=share) for share in (1.0, 0.0))
    )
    assert dialogues.PRACTICE.rehearsals > dialogues.FULL.rehearsals == 0.0
    for act in ("answer", "confirm"):
        assert rehearsed.count(act) > 1.5 * plain.count(act)
    for case in cases.cases(
        cases.answers, count=50, first_seed=0, stage=dialogues.PRACTICE, held=False
    ):
        given = " ".join(
            message_text(message) for message in case.dialogue.messages if message.role == "system"
        )
        assert case.wanted.fact in given.lower()


def test_what_is_read_back_wrongly_is_corrected_and_only_the_correction_is_learnt() -> None:
    """A caller's second saying counts for more than what the agent said;
    no evaluated dialogue is made so.
    """
    corrected = 0
    for seed in range(300):
        messages = dialogues.dialogue(seed, stage=dialogues.PRACTICE).messages
        confirmations = [message for message in messages if message.act == "confirm"]
        for wrong, after in itertools.pairwise(confirmations):
            if not wrong.target:
                corrected += after.target
                assert wrong.text != after.text
        assert not confirmations or confirmations[-1].target
        held = dialogues.dialogue(seed, stage=dialogues.PRACTICE, held=True).messages
        assert all(message.target for message in held if message.act == "confirm")
    assert corrected > 20


def test_held_out_phrasings_are_never_trained_on() -> None:
    """The two sides of every bank have nothing in common."""
    for bank in phrases.banks():
        held, trained = (set(phrases.side(bank, held=side)) for side in (True, False))
        assert held, bank
        assert trained, bank
        assert held.isdisjoint(trained), bank


def test_a_caller_who_is_asked_the_right_questions_gets_the_booking() -> None:
    """The scripted caller can succeed:
    an agent that keeps the booking's own state books every time.
    """
    for seed in range(20):
        booking = callers.opened(seed)

        def attentive(_dialogue: Dialogue, booking: Booking = booking) -> Reply:
            if (
                booking.missing is None
                and booking.scene.messages[-2].text == booking.confirmation()
            ):
                return Reply(call=ToolCall(booking.box.booking.name, tuple(booking.arguments())))
            said = booking.question()
            booking.take([booking.missing] if booking.missing else [])
            return Reply(said)

        assert callers.completes(booking, attentive)


@pytest.mark.parametrize("shift", ["", "x"])
def test_a_call_counts_only_when_every_argument_is_exact(shift: str) -> None:
    """One letter more is wrong."""
    case = next(cases.cases(cases.calls_a_tool, count=1))
    assert case.wanted.call is not None
    name, pairs = case.wanted.call.name, case.wanted.call.arguments
    changed = Reply(
        call=type(case.wanted.call)(name, ((pairs[0][0], pairs[0][1] + shift), *pairs[1:]))
    )
    assert scoring.call_exact(case, changed) is (shift == "")


def test_an_invented_fact_is_not_silence() -> None:
    """Saying so is not enough when something is made up beside it."""
    case: Case = next(cases.cases(cases.does_not_know, count=1))
    assert scoring.silence_kept(case, Reply(case.wanted.text))
    assert not scoring.silence_kept(case, Reply(f"{case.wanted.text} it costs nine dollars."))


def test_the_interval_holds_the_share_and_narrows() -> None:
    """Wilson's interval behaves at the edges."""
    low, high = Score(50, 50).interval
    assert low > 0.9
    assert high == pytest.approx(1.0)
    assert Score(450, 500).interval[0] > Score(45, 50).interval[0]


def test_the_baselines_book_nothing_exactly() -> None:
    """Neither a frequent reply nor a remembered one holds this caller's words."""
    turns = training_turns(60)
    for baseline in (MostFrequent(turns), Nearest(turns)):
        found = cases.cases(cases.calls_a_tool, count=20)
        assert sum(scoring.call_exact(case, baseline(case.dialogue)) for case in found) <= 2
