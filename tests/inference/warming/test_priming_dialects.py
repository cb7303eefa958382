"""Somebody else's endpoint gets warm in its own dialect: else no call would ever be sent to it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from inference.errors import PrimingFailed
from inference.warming.prime import prime
from tests.fakes.dialects import Answer, DialectServer, refusal


def whole(content: Any, reason: str = "stop") -> Answer:
    """An answer that is not streamed."""
    choice = {"message": {"role": "assistant", "content": content}, "finish_reason": reason}
    return refusal({"choices": [choice]}, status="200 OK")


@pytest.fixture
async def server() -> AsyncIterator[DialectServer]:
    """An endpoint that answers what the test sets."""
    endpoint = await DialectServer().start()
    yield endpoint
    await endpoint.stop()


async def test_fields_that_are_refused_keep_no_endpoint_cold(server: DialectServer) -> None:
    """Neither max_tokens nor temperature is taken."""
    server.answers = [
        refusal({"error": {"message": "use max_completion_tokens", "param": "max_tokens"}}),
        refusal({"error": {"message": "only 1 is supported", "param": "temperature"}}),
        whole("We are open."),
    ]
    primed = await asyncio.to_thread(prime, "think", server.url, "gpt")
    assert primed.answer == "We are open."
    assert server.requests[2]["max_completion_tokens"] == 24


async def test_a_model_that_reasons_first_is_warm(server: DialectServer) -> None:
    """The canary's few tokens do not reach its first word."""
    server.answers = [whole(None, "length")]
    assert (await asyncio.to_thread(prime, "think", server.url, "r1")).answer


async def test_an_endpoint_is_primed_at_its_own_address(server: DialectServer) -> None:
    """Azure's deployment, with its version and its header."""
    server.answers = [whole("We are open.")]
    url = f"{server.url}/openai/deployments/gpt?api-version=2024-10-21"
    await asyncio.to_thread(prime, "think", url, "gpt", key="k")
    path = "/openai/deployments/gpt/chat/completions?api-version=2024-10-21"
    assert set(server.paths) == {path}
    assert {headers["api-key"] for headers in server.headers} == {"k"}


async def test_silence_is_no_answer(server: DialectServer) -> None:
    """An empty content that ended by itself."""
    server.answers = [whole("")]
    with pytest.raises(PrimingFailed, match="empty"):
        await asyncio.to_thread(prime, "think", server.url, "gpt")
