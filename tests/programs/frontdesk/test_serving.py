"""The shipped weights behind real vLLM."""

import json
from dataclasses import replace

import pytest

from programs.frontdesk.client import ModelClient
from programs.frontdesk.dialogues import render
from programs.frontdesk.dialogues.toolbox import product_toolbox
from programs.frontdesk.types import Dialogue, DialogueMessage, DialogueToolCall
from warmline.kernel.prompt import Profile, render_prompt

pytestmark = pytest.mark.engine

PROFILE = Profile(
    business="Harper Plumbing",
    agent="Nora",
    business_kind="a home services company",
    facts=(
        ("hours", "monday to friday eight to six"),
        ("address", "twelve maple street"),
        ("price of drain cleaning", "ninety five dollars"),
    ),
    today="saturday the twenty first of november",
)


@pytest.fixture
def call() -> Dialogue:
    """A plumber's line after the greeting."""
    greeting = DialogueMessage(
        "assistant", "Thanks for calling Harper Plumbing, this is Nora. How can I help?"
    )
    return Dialogue(
        "homeservices",
        product_toolbox("homeservices").tools,
        (DialogueMessage("system", render_prompt(PROFILE)), greeting),
    )


def with_messages(call: Dialogue, *messages: DialogueMessage) -> Dialogue:
    """The call with more messages."""
    return replace(call, messages=(*call.messages, *messages))


def test_a_booking_ends_in_a_tool_call_with_the_callers_own_words_and_the_reference_is_told(
    model: ModelClient, call: Dialogue
) -> None:
    """One sentence, a confirmation, a yes, the tool call, and the reference read to the caller."""
    call = with_messages(
        call,
        DialogueMessage(
            "user", "i would like to book a drain cleaning on tuesday at ten my name is john smith"
        ),
    )
    asked = model(call)
    assert all(word in asked.text for word in ("drain cleaning", "tuesday", "ten", "john smith"))
    call = with_messages(
        call, DialogueMessage("assistant", asked.text), DialogueMessage("user", "yes please")
    )
    booking = model(call)
    assert booking.call is not None
    assert (booking.call.name, dict(booking.call.arguments)) == (
        "book_visit",
        {"service": "drain cleaning", "day": "tuesday", "time": "ten", "name": "john smith"},
    )
    outcome = json.dumps({"status": "booked", "reference": "four seven two"})
    confirmation = model(
        with_messages(
            call,
            DialogueMessage("assistant", call=booking.call),
            DialogueMessage("tool", outcome),
        )
    )
    assert "four seven two" in confirmation.text


def test_the_day_and_time_that_the_tool_understood_are_told_to_the_caller(
    model: ModelClient, call: Dialogue
) -> None:
    """In the words of its answer, wherever they stand in it, and not in the caller's."""
    said = (("service", "leak repair"), ("day", "in ten days"), ("time", "2:30"), ("name", "ann"))
    call = with_messages(
        call,
        DialogueMessage("user", "leak repair in ten days at 2:30 my name is ann"),
        DialogueMessage(
            "assistant", "so that is leak repair, in ten days at 2:30, for ann. shall i book it?"
        ),
        DialogueMessage("user", "yes"),
        DialogueMessage("assistant", call=DialogueToolCall("book_visit", said)),
    )
    when = {"when": "tuesday the first of december at half past two"}
    booked = {"status": "booked", "reference": "four seven two"}
    for outcome in (booked | when, when | booked):
        told = model(with_messages(call, DialogueMessage("tool", json.dumps(outcome)))).text
        assert "tuesday the first" in told
        assert "half past two" in told
        assert "four seven two." in told


def test_the_prompt_that_vllm_renders_is_the_one_that_training_saw(
    model: ModelClient, call: Dialogue
) -> None:
    """The chat template gives the trainer's own rendering, but for the rules, which it drops."""
    bare = replace(
        call,
        messages=(
            replace(call.messages[0], text=render_prompt(PROFILE).split("\nRules:")[0]),
            *call.messages[1:],
        ),
    )
    trained = "".join(text for text, _ in render.text_pieces(bare)) + render.ROLES["assistant"]
    assert model.prompt_text(call) == trained


def test_figures_are_read_digit_by_digit_as_references_were_trained(
    model: ModelClient, call: Dialogue
) -> None:
    """Keys, and what a recogniser writes in figures; two digits are an hour or a day."""
    call = with_messages(
        call,
        DialogueMessage("user", "what is the status of my booking of the 21 please"),
        DialogueMessage("assistant", "what is your reference?"),
        DialogueMessage("user", "7392"),
    )
    trained = "".join(text for text, _ in render.text_pieces(call))
    assert "seven three nine two" in trained
    assert "the 21 please" in trained
    assert model.prompt_text(call).endswith(
        trained[trained.index("<|user|>") :] + render.ROLES["assistant"]
    )
    asked = model(call).call
    assert asked is not None
    assert (asked.name, dict(asked.arguments)["reference"]) == (
        "check_status",
        "seven three nine two",
    )


def test_a_streamed_tool_call_arrives_as_a_tool_call(model: ModelClient, call: Dialogue) -> None:
    """No part of a call is streamed as speech."""
    call = with_messages(call, DialogueMessage("user", "can i talk to a person"))
    streamed = model.streamed(call)
    assert streamed.text == ""
    assert streamed.call is not None
    assert streamed.call.name == "transfer_to_person"


def test_an_answer_that_broke_off_is_continued_from_any_word(
    model: ModelClient, call: Dialogue
) -> None:
    """Failover relies on it: the beginning and its continuation are the undisturbed answer."""
    call = with_messages(call, DialogueMessage("user", "what does drain cleaning cost"))
    whole = model(call).text
    assert len(whole.split()) > 4
    for count in range(1, len(whole.split())):
        begun = " ".join(whole.split()[:count])
        body = model.body(
            with_messages(call, DialogueMessage("assistant", begun)),
            continue_final_message=True,
            add_generation_prompt=False,
        )
        with model.open("/v1/chat/completions", body) as answer:
            rest = json.load(answer)["choices"][0]["message"]["content"]
        assert (begun + rest).strip() == whole
