"""A person is always to be had, and a model that asks for a tool wrongly is told what was wrong."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.media.metrics import IGNORED_ARGUMENTS
from telephony.media.speech.tool_wishes import wishes
from tests.fakes.replicas import asks_tool
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from tests.telephony.media.plans import BOOK, CHECK, TRANSFER
from warmline.kernel.call import (
    CallEnded,
    CallerTurn,
    CallPlan,
    SentenceHeard,
    ToolCalled,
    ToolReturned,
)
from warmline.kernel.conversation import ToolCall, tool_asked
from warmline.kernel.tool_arguments import argument_text, arguments_of, meant_name

TOOLS = (BOOK, CHECK, TRANSFER)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("", {}),
        ("  ", {}),
        ("null", {}),
        ("{}", {}),
        ("[]", {}),
        ('""', {}),
        ('{"reason": null}', {}),
        ('{"reason": "help"}', {"reason": "help"}),
        ('[{"reason": "help"}]', {"reason": "help"}),
        ('"{\\"reason\\": \\"help\\"}"', {"reason": "help"}),
        ('"\\"{\\\\\\"reason\\\\\\": 5}\\""', {"reason": 5}),
        ('{"reason": {"why": ["a", {}]}}', {"reason": {"why": ["a", {}]}}),
        ('{"reason": "he', None),
        ("5", None),
        ("true", None),
        ("caller asked", None),
        ('{"a": 1}{"b": 2}', None),
        ("[" * 100_000, None),
    ],
)
def test_arguments_are_read_however_they_are_wrapped(raw: str, meant: object) -> None:
    """null and nothing are no arguments; an object is found in text, in text in text, in a list."""
    assert arguments_of(raw) == meant


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("ten", "ten"),
        (10, "10"),
        (10.0, "10"),
        (3.5, "3.5"),
        (True, "true"),
        (["ten"], "ten"),
        (["ten", "eleven"], None),
        ({"at": "ten"}, None),
        ([], None),
    ],
)
def test_a_number_becomes_text(value: object, text: str | None) -> None:
    """What holds one value is that value; what holds several is for the model to say again."""
    assert argument_text(value) == text


@pytest.mark.parametrize(
    "name",
    [
        "transfer_to_person",
        "Transfer_To_Person",
        "transferToPerson",
        "transfer-to-person",
        "functions.transfer_to_person",
        "default_api:transfer_to_person",
        "transfer_to_person()",
        "transfer_to_human",
        "TransferCall",
        "transfer",
        "tranfer_to_person",
        "trasnfer_to_person",
        '"transfer_to_person"',
        "warm_transfer",
        "escalate_to_human",
        "human_handoff",
        "connect_to_agent",
        "speak_to_a_representative",
        "live_agent",
    ],
)
def test_the_wish_for_a_person_is_understood_by_any_name(name: str) -> None:
    """Other cases, prefixes, and the names of other products."""
    [wish] = wishes([ToolCall("c", name, "{}")], TOOLS)
    assert wish.name == "transfer_to_person"


def test_other_names_are_matched_by_their_letters_and_never_guessed() -> None:
    """book_visit in another case is book_visit; a tool that nobody offered stays what it is."""
    names = [tool.name for tool in TOOLS]
    assert meant_name("Book-Visit", names) == "book_visit"
    assert meant_name("book", names) is None
    assert [wish.name for wish in wishes([ToolCall("c", "wire_money", "")], TOOLS)] == [
        "wire_money"
    ]


def test_the_same_wish_twice_in_one_answer_is_one() -> None:
    """Doubled by an endpoint, or asked for by two spellings of its name."""
    twice = [ToolCall("a", "book_visit", "{}"), ToolCall("b", "Book_Visit", "{}")]
    assert [wish.id for wish in wishes(twice, TOOLS)] == ["a"]


@given(st.text(), st.text())
def test_the_history_holds_one_json_object_and_a_lawful_name(name: str, arguments: str) -> None:
    """Replicas parse it again: broken text would be refused with every later request."""
    message = tool_asked([ToolCall("c", name, arguments)])
    assert message.tool_calls is not None
    function = message.tool_calls[0]["function"]
    assert arguments_of(function["arguments"]) is not None
    assert function["arguments"].startswith("{")
    assert len(function["name"]) <= 64
    assert all(character.isascii() for character in function["name"])


SHAPES: tuple[Any, ...] = (
    "null",
    "",
    "[]",
    '"{\\"reason\\": \\"help\\"}"',
    '{"resaon": "help", "urgent": true}',
    '{"reason": {"why": [1]}}',
    '{"reason": "he',
    {"reason": 5},
)


async def put_through(plane: Plane, call: CallPlan) -> str:
    """Why a call ended in which the caller said one thing."""
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        [ended] = await plane.happened(call, CallEnded, within_s=25)
    return str(ended.reason)


async def test_a_wish_for_a_person_is_granted_whatever_its_arguments(plane: Plane) -> None:
    """Eight calls at once, each with another shape, and a web plane that refuses them all."""

    def answer(messages: list[dict[str, Any]]) -> str | list[dict[str, Any]]:
        if messages[-1]["role"] == "tool":
            return "Please hold."
        return asks_tool("Transfer_To_Person", SHAPES[int(messages[0]["content"])])

    plane.script(answer=answer)
    plane.web.refusal = (503, {"error": "the database is away"})
    calls = [plane.answer_call(greeting="Hi.", prompt=str(n)) for n in range(len(SHAPES))]
    reasons = await asyncio.gather(*(put_through(plane, call) for call in calls))
    assert reasons == ["transferred"] * len(SHAPES)


async def test_a_caller_who_cuts_in_is_put_through_all_the_same(plane: Plane) -> None:
    """While the web plane does not answer; a word of the caller's takes nothing back."""
    asks = asks_tool("transfer_to_person", '{"reason": "asked"}')

    def answer(messages: list[dict[str, Any]]) -> str | list[dict[str, Any]]:
        asked = any(message["role"] == "tool" for message in messages)
        return "One moment." if asked else asks

    plane.script(answer=answer)
    plane.web.tool_s = 60.0
    call = plane.answer_call(greeting="Hi.", human_number="+12125550199")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, ToolCalled)
        await caller.say(voice("stop"))
        [ended] = await plane.happened(call, CallEnded, within_s=25)
    assert ended.reason == "transferred"
    assert [h.turn for h in plane.happenings(call) if isinstance(h, CallerTurn)] == [1, 2]


async def test_a_model_is_told_what_was_wrong_with_its_arguments(plane: Plane) -> None:
    """In the web plane's words, which name the argument; the unknown ones are counted."""
    asks = asks_tool("book_visit", '{"service": "drain", "when": "now", "why": 1}')
    plane.script(answer=lambda m: "Which day?" if m[-1]["role"] == "tool" else asks)
    plane.web.refusal = (422, {"error": "day: missing, expected the day"})
    before = IGNORED_ARGUMENTS._value.get()
    call = plane.answer_call(greeting="Hi.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        [returned] = await plane.happened(call, ToolReturned)
        await plane.happened(call, SentenceHeard, times=2)
    assert returned.result == '{"status":"error","problem":"day: missing, expected the day"}'
    assert IGNORED_ARGUMENTS._value.get() == before + 2
