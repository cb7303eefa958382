"""Dialogues as text, piece by piece, exactly as the chat template writes them."""

from __future__ import annotations

import json
from pathlib import Path

from programs.frontdesk.types import Dialogue, Message, Tool, ToolCall

END = "<|end|>"
ROLES = {role: f"<|{role}|>" for role in ("system", "user", "assistant", "tool")}
SPECIAL = ("<|pad|>", END, *ROLES.values())
CALL_OPEN, CALL_CLOSE = "<tool_call>", "</tool_call>"
TEMPLATE = Path(__file__).with_name("chat_template.jinja").read_text(encoding="utf-8")


def tool_line(tool: Tool) -> str:
    """One tool as the prompt shows it; optional arguments carry a question mark."""
    arguments = [f'"{name}"' for name in tool.required] + [f'"{name}"?' for name in tool.optional]
    return f"\n {tool.name}({', '.join(arguments)}) {tool.description}".rstrip()


def call_text(call: ToolCall) -> str:
    """A tool call in the Hermes form."""
    body = json.dumps({"name": call.name, "arguments": dict(call.arguments)}, ensure_ascii=False)
    return f"{CALL_OPEN}\n{body}\n{CALL_CLOSE}"


def message_text(message: Message) -> str:
    """What stands between a message's role token and its end token."""
    if message.call is not None:
        return call_text(message.call)
    return " " + message.text.lower().strip()


def pieces(dialogue: Dialogue) -> list[tuple[str, bool]]:
    """The dialogue as (text, is to be learnt) pieces, role tokens included."""
    found: list[tuple[str, bool]] = []
    for index, message in enumerate(dialogue.messages):
        text = message_text(message)
        if index == 0 and dialogue.tools:
            text += "\n tools:" + "".join(tool_line(tool) for tool in dialogue.tools)
        found += [(ROLES[message.role], False), (text + END, message.target)]
    return found


def openai_messages(messages: tuple[Message, ...]) -> list[dict[str, object]]:
    """The messages as an OpenAI chat request carries them."""
    found: list[dict[str, object]] = []
    for index, message in enumerate(messages):
        if message.call is not None:
            call = {
                "name": message.call.name,
                "arguments": json.dumps(dict(message.call.arguments)),
            }
            found.append(
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"id": f"call-{index}", "type": "function", "function": call}],
                }
            )
        elif message.role == "tool":
            found.append(
                {"role": "tool", "content": message.text, "tool_call_id": f"call-{index - 1}"}
            )
        else:
            found.append({"role": message.role, "content": message.text})
    return found


def openai_tools(tools: tuple[Tool, ...]) -> list[dict[str, object]]:
    """The tools as an OpenAI chat request carries them."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": {
                    "type": "object",
                    "required": list(tool.required),
                    "properties": {
                        name: {"type": "string", "description": name.replace("_", " ")}
                        for name in (*tool.required, *tool.optional)
                    },
                },
            },
        }
        for tool in tools
    ]
