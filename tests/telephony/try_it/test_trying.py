"""An agent answers in writing, as it would in a call; nothing is kept."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from agents.editing import actions, queries
from agents.models import ToolRun
from agents.queries import agent_config
from rag.actions import add_document
from telephony.try_it import places
from telephony.try_it.trial import prepare, tried
from telephony.try_it.types import TriedSentence, TryDone, TryMessage
from tenants.context import as_tenant
from tests.fakes.replicas import Script
from tests.telephony.try_it.conftest import Trying, publish
from verticals.healthcare.models import Appointment
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db(transaction=True)
HELLO = [{"role": "user", "content": "hello, is anybody there?"}]


def asks_for(name: str, arguments: str) -> list[dict[str, Any]]:
    """A model's answer that asks for a tool."""
    function = {"name": name, "arguments": arguments}
    return [{"index": 0, "id": "c1", "type": "function", "function": function}]


def say(emma: Trying, *messages: dict[str, str], version: str = "draft") -> Any:
    """What the API answers to a conversation."""
    return emma.client.post(
        emma.path,
        {"messages": list(messages or HELLO), "version": version},
        content_type="application/json",
    )


def test_a_try_asks_the_model_as_a_call_does(emma: Trying, script: Script) -> None:
    """Prompt, greeting, tools and what was said before, to the byte."""
    seen: list[Any] = []

    def answer(messages: list[dict[str, Any]]) -> str:
        seen[:] = messages
        return "We open at **8:30** am. Anything else?"

    script.answer = answer
    earlier = ({"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hello."})
    answered = say(emma, *earlier, {"role": "user", "content": "when do you open?"})
    assert answered.status_code == 200, answered.content
    body = answered.json()
    assert body["text"] == "We open at **8:30** am. Anything else?"
    assert body["sentences"][0]["spoken"] == "We open at eight thirty a m."
    assert body["model"] == "stub-model"
    assert body["times"]["first_token_ms"] <= body["times"]["total_ms"]
    assert [message["role"] for message in seen] == [
        "system",
        "assistant",
        "user",
        "assistant",
        "user",
    ]
    with as_tenant(emma.tenant_id):
        actions.save_draft(emma.agent_id, wording=queries.draft(emma.agent_id).wording)
        actions.publish_draft(emma.agent_id)
        config = agent_config(emma.agent_id)
    assert [seen[0]["content"], seen[1]["content"]] == [config.prompt, config.greeting]


def test_no_transaction_waits_for_the_model(
    emma: Trying, script: Script, superuser: psycopg.Connection
) -> None:
    """Others need the connection for the seconds that it takes."""
    waiting: list[Any] = []

    def answer(_: list[dict[str, Any]]) -> str:
        waiting[:] = superuser.execute(
            "SELECT query FROM pg_stat_activity"
            " WHERE usename = 'warmline_app' AND state = 'idle in transaction'"
        ).fetchall()
        return "We open at nine."

    script.answer = answer
    assert say(emma).status_code == 200
    assert waiting == []


def test_a_tool_that_writes_is_shown_and_not_run(emma: Trying, script: Script) -> None:
    """With its arguments, and why it would be refused where it would be."""
    arguments = '{"reason": "sore throat", "day": "tuesday", "time": "ten", "name": "Ada"}'
    script.answer = lambda _: asks_for("book_appointment", arguments)
    [tool] = say(emma).json()["tools"]
    assert (tool["name"], tool["ran"], tool["problem"]) == ("book_appointment", False, "")
    assert tool["arguments"]["name"] == "Ada"
    script.answer = lambda _: asks_for("book_appointment", '{"day": "tuesday"}')
    [tool] = say(emma).json()["tools"]
    assert "name: missing" in tool["problem"]
    with as_tenant(emma.tenant_id):
        assert not Appointment.objects.exists()
        assert not ToolRun.objects.exists()


def test_a_tool_that_reads_runs_and_leaves_nothing(emma: Trying, script: Script) -> None:
    """The model goes on with what it told."""

    def answer(messages: list[dict[str, Any]]) -> str | list[dict[str, Any]]:
        if messages[-1]["role"] == "tool":
            return f"I see: {messages[-1]['content']}"
        return asks_for("check_availability", '{"day": "next monday"}')

    script.answer = answer
    wish = {"role": "user", "content": "do you have something free next monday?"}
    body = say(emma, wish).json()
    assert body["tools"][0]["ran"] is True
    [result] = body["tool_results"]
    assert (result["ok"], result["result"]["status"]) == (True, "ok")
    assert body["text"].startswith("I see: ")
    with as_tenant(emma.tenant_id):
        assert not ToolRun.objects.exists()


@pytest.mark.usefixtures("chroma_server")
def test_what_was_looked_up_is_shown(emma: Trying, script: Script) -> None:
    """The passages that were put before the model."""
    with as_tenant(emma.tenant_id):
        add_document("Parking", text="You can park for free behind the clinic.")
    body = say(emma, {"role": "user", "content": "where can i park at the clinic?"}).json()
    assert [passage["title"] for passage in body["passages"]] == ["Parking"]
    assert body["times"]["knowledge_ms"] is not None


def test_without_a_warm_model_it_says_so(emma: Trying, script: Script) -> None:
    """503 with its reason, where nobody is warm and where the one that was does not answer."""
    publish()
    refused = say(emma)
    assert (refused.status_code, refused.json()["code"]) == (503, "no_model_warm")
    assert "us-east" in refused.json()["detail"]
    publish(url="http://127.0.0.1:9/v1", held=4)
    refused = say(emma)
    assert refused.status_code == 503
    assert "think is full: 0 of 4 slots free" in refused.json()["detail"]
    publish(url="http://127.0.0.1:9/v1")
    refused = say(emma)
    assert (refused.status_code, refused.json()["code"]) == (503, "no_model_warm")


@pytest.mark.parametrize(
    ("messages", "field"),
    [
        ([], "messages"),
        ([{"role": "assistant", "content": "hello"}], "messages"),
        ([{"role": "user", "content": " "}], "messages.0.content"),
        ([{"role": "user", "content": "x" * 501}], "messages.0.content"),
        ([{"role": "system", "content": "x"}], "messages.0.role"),
        ([{"role": "user", "content": "x", "name": "y"}], "messages.0.name"),
        (HELLO * 41, "messages"),
    ],
)
def test_what_is_no_conversation_is_refused(
    emma: Trying, script: Script, messages: list[dict[str, str]], field: str
) -> None:
    """Beside its field, and nothing is asked."""
    refused = emma.client.post(emma.path, {"messages": messages}, content_type="application/json")
    assert refused.status_code == 400, refused.content
    assert field in [error["field"] for error in refused.json()["errors"]]


def test_another_version_can_be_tried(emma: Trying, script: Script) -> None:
    """By its number, as live or as shadow; one that is not there is not found."""
    prompts: list[str] = []

    def answer(messages: list[dict[str, Any]]) -> str:
        prompts.append(messages[1]["content"])
        return "Yes."

    script.answer = answer
    with as_tenant(emma.tenant_id):
        first = queries.draft(emma.agent_id).wording
        actions.save_draft(emma.agent_id, wording=first)
        actions.publish_draft(emma.agent_id)
        actions.save_draft(emma.agent_id, wording=replace(first, greeting="Hello, a draft."))
    for version in ("1", "live", "draft"):
        assert say(emma, version=version).status_code == 200
    assert prompts == [first.greeting, first.greeting, "Hello, a draft."]
    for version, status in (("2", 404), ("shadow", 404), ("best", 400)):
        assert say(emma, version=version).status_code == status


def test_a_company_may_try_two_at_a_time(emma: Trying, script: Script) -> None:
    """A third waits; another company's goes on."""
    with ExitStack() as running:
        for _ in range(places.MOST_OF_A_COMPANY):
            running.enter_context(places.place(emma.tenant_id))
        refused = say(emma)
        assert (refused.status_code, refused.json()["code"]) == (429, "tries_busy")
        with places.place(TenantId("another")):
            pass
    assert say(emma).status_code == 200


def test_whoever_stops_listening_ends_the_try(emma: Trying, script: Script) -> None:
    """Its place is free again, and events came one by one until then."""
    script.answer = lambda _: "One. Two. Three. Four."
    with as_tenant(emma.tenant_id):
        trial = prepare(emma.agent_id, "draft")

    async def listen(most: int) -> list[Any]:
        events = tried(trial, [TryMessage("user", "count for me")])
        heard = []
        async for event in events:
            heard.append(event)
            if len(heard) == most:
                break
        await events.aclose()
        return heard

    assert asyncio.run(listen(1)) == [TriedSentence("One.", "One.")]
    *sentences, done = asyncio.run(listen(100))
    assert [sentence.written for sentence in sentences] == ["One.", "Two.", "Three.", "Four."]
    assert isinstance(done, TryDone)
    assert places.running() == 0
