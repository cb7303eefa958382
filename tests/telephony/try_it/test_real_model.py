"""An agent that is tried answers from the real model."""

from dataclasses import replace
from typing import Any

import pytest

from agents.editing import actions, queries
from tenants.context import as_tenant
from tests.telephony.try_it.conftest import Trying, publish

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


def test_the_real_model_knows_a_fact_and_books_nothing(emma: Trying, llm_url: str) -> None:
    """The fact is told in its words; a booking that is confirmed is asked for, and not made."""
    publish(url=llm_url, model="frontdesk")
    with as_tenant(emma.tenant_id):
        facts = (("price of a first visit", "sixty pounds"),)
        wording = replace(queries.draft(emma.agent_id).wording, facts=facts)
        actions.save_draft(emma.agent_id, wording=wording)

    def say(*said: str) -> dict[str, Any]:
        roles = ("user", "assistant") * len(said)
        messages = [
            {"role": role, "content": words} for role, words in zip(roles, said, strict=False)
        ]
        answer = emma.client.post(
            emma.path, {"messages": messages}, content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        body: dict[str, Any] = answer.json()
        return body

    told = say("how much is a first visit?")
    assert "sixty pounds" in str(told["text"]).casefold()
    assert told["model"] == "frontdesk"
    wish = "i need an appointment for a sore throat on tuesday at ten my name is john smith"
    asked = say(wish)
    assert asked["tools"] == []
    confirmed = say(wish, str(asked["text"]), "yes please")
    [tool] = confirmed["tools"]
    assert (tool["name"], tool["ran"]) == ("book_appointment", False)
