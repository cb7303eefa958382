"""A client of the model behind an OpenAI-compatible server."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from programs.frontdesk.dialogues.render import openai_messages, openai_tools
from programs.frontdesk.evaluation.scoring import ModelAnswer
from programs.frontdesk.types import Dialogue, DialogueToolCall

MAX_TOKENS = 96
DEADLINE_S = 60.0
# Models are asked directly, as everywhere in the product: a machine's proxy is for the world
# outside.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ModelClient:
    """A model behind an OpenAI-compatible server."""

    def __init__(self, url: str, *, name: str = "frontdesk") -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(
                f"the model's address must begin with http:// or https://, not {url!r}"
            )
        self.url, self.name = url.rstrip("/"), name

    def body(self, dialogue: Dialogue, **more: object) -> dict[str, object]:
        """The request for the next turn."""
        return {
            "model": self.name,
            "messages": openai_messages(dialogue.messages),
            "tools": openai_tools(dialogue.tools),
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
            **more,
        }

    def open(self, path: str, body: dict[str, object]) -> HTTPResponse:
        """Post a request; the answer's stream."""
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked above
            f"{self.url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        answer: HTTPResponse = _direct.open(request, timeout=DEADLINE_S)
        return answer

    def __call__(self, dialogue: Dialogue) -> ModelAnswer:
        """The model's next turn."""
        with self.open("/v1/chat/completions", self.body(dialogue)) as answer:
            message = json.load(answer)["choices"][0]["message"]
        if message.get("tool_calls"):
            function = message["tool_calls"][0]["function"]
            return ModelAnswer(
                (message["content"] or "").strip(),
                DialogueToolCall(function["name"], parsed(function["arguments"])),
            )
        return ModelAnswer((message["content"] or "").strip())

    def deltas(self, dialogue: Dialogue) -> Iterator[dict[str, Any]]:
        """The next turn's pieces, as they are streamed."""
        with self.open("/v1/chat/completions", self.body(dialogue, stream=True)) as answer:
            for line in answer:
                if line.startswith(b"data: {"):
                    yield json.loads(line[6:])["choices"][0]["delta"]

    def streamed(self, dialogue: Dialogue) -> ModelAnswer:
        """The next turn, put together from its stream."""
        text, name, arguments = "", "", ""
        for delta in self.deltas(dialogue):
            text += delta.get("content") or ""
            for call in delta.get("tool_calls") or []:
                name += call["function"].get("name") or ""
                arguments += call["function"].get("arguments") or ""
        return ModelAnswer(
            text.strip(), DialogueToolCall(name, parsed(arguments)) if name else None
        )

    def first_token_ms(self, dialogue: Dialogue) -> float:
        """From the request to the first streamed words or tool call; infinite without any."""
        started = time.perf_counter()
        for delta in self.deltas(dialogue):
            if delta.get("content") or delta.get("tool_calls"):
                return (time.perf_counter() - started) * 1000
        return float("inf")

    def prompt_text(self, dialogue: Dialogue) -> str:
        """The prompt that the server's chat template makes of the dialogue."""
        with self.open("/tokenize", self.body(dialogue)) as answer:
            tokens = json.load(answer)["tokens"]
        with self.open("/detokenize", {"model": self.name, "tokens": tokens}) as answer:
            return str(json.load(answer)["prompt"])


def parsed(arguments: str) -> tuple[tuple[str, str], ...]:
    """A tool call's arguments; text that is no JSON object gives none."""
    try:
        values = json.loads(arguments)
    except json.JSONDecodeError:
        return ()
    if not isinstance(values, dict):
        return ()
    return tuple((str(key), str(value)) for key, value in values.items())
