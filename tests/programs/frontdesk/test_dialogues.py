"""The generator and the evaluation: what they promise without a model."""

import itertools
import random
from dataclasses import replace

import pytest

from programs.frontdesk.dialogues import difficulty
from programs.frontdesk.dialogues.bookings.state import BookingDialogue
from programs.frontdesk.dialogues.generator import generate
from programs.frontdesk.dialogues.render import message_text
from programs.frontdesk.dialogues.wording import phrases, word_lists
from programs.frontdesk.dialogues.wording.lexicon import Lexicon
from programs.frontdesk.evaluation import held_out, scoring, user_simulator
from programs.frontdesk.evaluation.baselines import MostFrequentReply, NearestTurn, training_turns
from programs.frontdesk.evaluation.held_out import held_out_cases
from programs.frontdesk.evaluation.scoring import Case, ModelAnswer, Proportion
from programs.frontdesk.types import Dialogue, DialogueToolCall


def test_a_seed_gives_the_same_dialogue_for_ever() -> None:
    """Training can resume, and the evaluation asks everyone the same."""
    assert generate(7, difficulty=difficulty.FULL) == generate(7, difficulty=difficulty.FULL)


def test_some_callers_want_a_person_in_their_first_words() -> None:
    """At every level after the drill: what never stood first is not understood there."""
    for level in (difficulty.FULL, difficulty.PRACTICE):
        drawn = (generate(seed, difficulty=level).messages for seed in range(400))
        firsts = [
            next(message for message in messages[2:] if message.role == "assistant")
            for messages in drawn
        ]
        assert any(first.act == "transfer" for first in firsts)


def test_everything_the_agent_must_say_stands_in_what_it_was_given() -> None:
    """DialogueTool arguments are copied: none holds a word that the call did not hold before."""
    for case in held_out_cases(held_out.calls_a_tool, count=50):
        heard = " ".join(message_text(message) for message in case.dialogue.messages)
        assert case.wanted.call is not None
        assert all(value in heard for _, value in case.wanted.call.arguments)


def test_training_books_services_in_words_of_its_own_and_none_that_is_held_out() -> None:
    """The words of lists come in other orders and companies; the evaluation's never do."""
    for vertical in word_lists.VERTICALS:
        listed = word_lists.by_vertical("services")[vertical]
        trained, evaluated = (
            {
                Lexicon(random.Random(seed), held_out=side, random_values=0.0).thing(vertical)
                for seed in range(300)
            }
            for side in (False, True)
        )
        assert trained - set(listed), vertical
        assert not any(word_lists.is_held_out(thing) for thing in trained), vertical
        assert evaluated <= set(word_lists.side(listed, held_out=True)), vertical


def test_training_rehearses_answers_and_readings_back() -> None:
    """Half as many again in such a call; each answer stands word for word in what was given."""
    rehearsed, plain = (
        [
            message.act
            for seed in range(200)
            for message in generate(seed, difficulty=level).messages
        ]
        for level in (replace(difficulty.PRACTICE, rehearsals=share) for share in (1.0, 0.0))
    )
    assert difficulty.PRACTICE.rehearsals > difficulty.FULL.rehearsals == 0.0
    for act in ("answer", "confirm"):
        assert rehearsed.count(act) > 1.5 * plain.count(act)
    for case in held_out_cases(
        held_out.answers, count=50, first_seed=0, difficulty=difficulty.PRACTICE, held_out=False
    ):
        given = " ".join(
            message_text(message) for message in case.dialogue.messages if message.role == "system"
        )
        assert case.wanted.fact in given.lower()


def test_what_is_read_back_wrongly_is_corrected_and_only_the_correction_is_learnt() -> None:
    """A caller's second saying counts for more than the agent's; no evaluated dialogue has it."""
    corrected = 0
    for seed in range(300):
        messages = generate(seed, difficulty=difficulty.PRACTICE).messages
        confirmations = [message for message in messages if message.act == "confirm"]
        for wrong, after in itertools.pairwise(confirmations):
            if not wrong.target:
                corrected += after.target
                assert wrong.text != after.text
        assert not confirmations or confirmations[-1].target
        evaluated = generate(seed, difficulty=difficulty.PRACTICE, held_out=True).messages
        assert all(message.target for message in evaluated if message.act == "confirm")
    assert corrected > 20


def test_held_out_phrasings_are_never_trained_on() -> None:
    """The two sides of every bank have nothing in common."""
    for bank in phrases.phrase_banks():
        evaluated, trained = (set(phrases.side(bank, held_out=side)) for side in (True, False))
        assert evaluated, bank
        assert trained, bank
        assert evaluated.isdisjoint(trained), bank


def test_a_caller_who_is_asked_the_right_questions_gets_the_booking() -> None:
    """An agent that keeps the booking's own state books for the simulated caller every time."""
    for seed in range(20):
        booking = user_simulator.opened(seed)

        def attentive(_dialogue: Dialogue, booking: BookingDialogue = booking) -> ModelAnswer:
            previous = booking.builder.messages[-2].text
            if booking.missing is None and previous == booking.confirmation():
                name, arguments = booking.toolbox.booking.name, tuple(booking.arguments())
                return ModelAnswer(call=DialogueToolCall(name, arguments))
            question = booking.question()
            booking.hear([booking.missing] if booking.missing else [])
            return ModelAnswer(question)

        assert user_simulator.completes(booking, attentive)


@pytest.mark.parametrize("shift", ["", "x"])
def test_a_call_counts_only_when_every_argument_is_exact(shift: str) -> None:
    """One letter more is wrong."""
    case = next(held_out_cases(held_out.calls_a_tool, count=1))
    assert case.wanted.call is not None
    name, pairs = case.wanted.call.name, case.wanted.call.arguments
    changed = ModelAnswer(
        call=type(case.wanted.call)(name, ((pairs[0][0], pairs[0][1] + shift), *pairs[1:]))
    )
    assert scoring.call_exact(case, changed) is (shift == "")


def test_an_invented_fact_is_not_silence() -> None:
    """Saying so is not enough when something is made up beside it."""
    case: Case = next(held_out_cases(held_out.does_not_know, count=1))
    assert scoring.says_not_known(case, ModelAnswer(case.wanted.text))
    assert not scoring.says_not_known(
        case, ModelAnswer(f"{case.wanted.text} it costs nine dollars.")
    )


def test_the_interval_holds_the_share_and_narrows() -> None:
    """Wilson's interval behaves at the edges."""
    low, high = Proportion(50, 50).interval
    assert low > 0.9
    assert high == pytest.approx(1.0)
    assert Proportion(450, 500).interval[0] > Proportion(45, 50).interval[0]


def test_the_baselines_book_nothing_exactly() -> None:
    """Neither a frequent reply nor a remembered one holds this caller's words."""
    turns = training_turns(60)
    for baseline in (MostFrequentReply(turns), NearestTurn(turns)):
        cases = held_out_cases(held_out.calls_a_tool, count=20)
        assert sum(scoring.call_exact(case, baseline(case.dialogue)) for case in cases) <= 2
