"""The shipped weights behind real vLLM."""

import json
from dataclasses import replace

import pytest

from programs.frontdesk.client import Served
from programs.frontdesk.dialogues import render
from programs.frontdesk.dialogues.toolbox import product_toolbox
from programs.frontdesk.types import Dialogue, Message
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
    greeting = Message(
        "assistant", "Thanks for calling Harper Plumbing, this is Nora. How can I help?"
    )
    return Dialogue(
        "homeservices",
        product_toolbox("homeservices").tools,
        (Message("system", render_prompt(PROFILE)), greeting),
    )


def said(call: Dialogue, *messages: Message) -> Dialogue:
    """The call with more messages."""
    return replace(call, messages=(*call.messages, *messages))


def test_a_booking_ends_in_a_tool_call_with_the_callers_own_words_and_the_reference_is_told(
    model: Served, call: Dialogue
) -> None:
    """One sentence, a confirmation, a yes, the tool call, and the reference read to the caller."""
    call = said(
        call,
        Message(
            "user", "i would like to book a drain cleaning on tuesday at ten my name is john smith"
        ),
    )
    asked = model(call)
    assert all(word in asked.text for word in ("drain cleaning", "tuesday", "ten", "john smith"))
    call = said(call, Message("assistant", asked.text), Message("user", "yes please"))
    booking = model(call)
    assert booking.call is not None
    assert (booking.call.name, dict(booking.call.arguments)) == (
        "book_visit",
        {"service": "drain cleaning", "day": "tuesday", "time": "ten", "name": "john smith"},
    )
    outcome = json.dumps({"status": "booked", "reference": "four seven two"})
    told = model(said(call, Message("assistant", call=booking.call), Message("tool", outcome)))
    assert "four seven two" in told.text


def test_the_prompt_that_vllm_renders_is_the_one_that_training_saw(
    model: Served, call: Dialogue
) -> None:
    """The chat template and the trainer's own rendering give the same text,
    but for the rules, which it drops.
    """
    bare = replace(
        call,
        messages=(
            replace(call.messages[0], text=render_prompt(PROFILE).split("\nRules:")[0]),
            *call.messages[1:],
        ),
    )
    trained = "".join(text for text, _ in render.pieces(bare)) + render.ROLES["assistant"]
    assert model.prompt_text(call) == trained


def test_a_streamed_tool_call_arrives_as_a_tool_call(model: Served, call: Dialogue) -> None:
    """No part of a call is streamed as speech."""
    call = said(call, Message("user", "can i talk to a person"))
    streamed = model.streamed(call)
    assert streamed.text == ""
    assert streamed.call is not None
    assert streamed.call.name == "transfer_to_person"


def test_an_answer_that_broke_off_is_continued_from_any_word(model: Served, call: Dialogue) -> None:
    """What the rest of a call's ladder relies on:
    the beginning and its continuation are the undisturbed answer.
    """
    call = said(call, Message("user", "what does drain cleaning cost"))
    whole = model(call).text
    assert len(whole.split()) > 4
    for count in range(1, len(whole.split())):
        begun = " ".join(whole.split()[:count])
        body = model.body(
            said(call, Message("assistant", begun)),
            continue_final_message=True,
            add_generation_prompt=False,
        )
        with model.open("/v1/chat/completions", body) as answer:
            rest = json.load(answer)["choices"][0]["message"]["content"]
        assert (begun + rest).strip() == whole
