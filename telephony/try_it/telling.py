"""A call's events as whoever tries an agent reads them."""

import asyncio
from typing import Any, cast

import msgspec

from agents.errors import BadArguments
from agents.runner import checked_arguments
from telephony.try_it import types
from telephony.try_it.types import TriedPassage, TriedSentence, TriedTool, TryEvent
from verticals.spoken.speech import spoken_form
from warmline.kernel.agent import AgentConfig
from warmline.kernel.call import AgentSentence, Happening, Retrieved, ToolCalled, ToolReturned
from warmline.kernel.tool_arguments import arguments_of


class Teller:
    """Tells what happens as it comes; `said` is all the words so far."""

    def __init__(self, agent: AgentConfig, events: "asyncio.Queue[TryEvent | None]") -> None:
        self._agent = agent
        self._tools = {tool.name: tool for tool in agent.tools}
        self._events = events
        self.said = ""

    def add(self, happening: Happening) -> None:
        """This happened."""
        match happening:
            case AgentSentence():
                self.said = f"{self.said} {happening.text}".strip()
                spoken = spoken_form(happening.text, self._agent.language)
                self._events.put_nowait(TriedSentence(happening.text, spoken))
            case Retrieved():
                for passage in happening.passages:
                    self._events.put_nowait(
                        TriedPassage(passage.id, passage.title, passage.text, passage.score)
                    )
            case ToolCalled():
                self._events.put_nowait(self._tool(happening))
            case ToolReturned():
                result = _object(happening.result)
                self._events.put_nowait(
                    types.ToolResult(happening.tool_call_id, happening.ok, result)
                )
            case _:
                pass

    def _tool(self, called: ToolCalled) -> TriedTool:
        tool = self._tools.get(called.name)
        wrong = ""
        if tool is None:
            wrong = "this agent has no such tool"
        else:
            try:
                checked_arguments(tool, called.arguments)
            except BadArguments as error:
                wrong = str(error)
        return TriedTool(
            id=called.tool_call_id,
            name=called.name,
            title=called.name.replace("_", " ") if tool is None else tool.title or tool.description,
            arguments=cast("dict[str, Any]", arguments_of(called.arguments) or {}),
            ran=called.ran,
            problem=wrong,
        )


def _object(raw: str) -> dict[str, Any]:
    return msgspec.json.decode(raw, type=dict[str, Any])
