"""Dialogues as text, piece by piece, exactly as the chat template writes them."""

from __future__ import annotations

import json
from pathlib import Path

from programs.frontdesk.dialogues.wording.numbers import ONES
from programs.frontdesk.types import Dialogue, DialogueMessage, DialogueTool, DialogueToolCall

END = "<|end|>"
ROLES = {role: f"<|{role}|>" for role in ("system", "user", "assistant", "tool")}
SPECIAL = ("<|pad|>", END, *ROLES.values())
CALL_OPEN, CALL_CLOSE = "<tool_call>", "</tool_call>"
TEMPLATE = Path(__file__).with_name("chat_template.jinja").read_text(encoding="utf-8")


def tool_line(tool: DialogueTool) -> str:
    """One tool as the prompt shows it; optional arguments carry a question mark."""
    arguments = [f'"{name}"' for name in tool.required] + [f'"{name}"?' for name in tool.optional]
    return f"\n {tool.name}({', '.join(arguments)}) {tool.description}".rstrip()


def call_text(call: DialogueToolCall) -> str:
    """A tool call in the Hermes form."""
    body = json.dumps({"name": call.name, "arguments": dict(call.arguments)}, ensure_ascii=False)
    return f"{CALL_OPEN}\n{body}\n{CALL_CLOSE}"


def message_text(message: DialogueMessage) -> str:
    """What stands between a message's role token and its end token."""
    if message.call is not None:
        return call_text(message.call)
    text = message.text.lower().strip()
    return " " + (heard(text) if message.role == "user" else text)


def heard(text: str) -> str:
    """A caller's words with their figures read digit by digit, but for those of two digits."""
    words: list[str] = []
    for word in text.split(" "):
        if word.isdecimal() and word.isascii() and len(word) != 2:
            words += [ONES[int(digit)] for digit in word]
        else:
            words.append(word)
    return " ".join(words)


def text_pieces(dialogue: Dialogue) -> list[tuple[str, bool]]:
    """The dialogue as (text, is to be learnt) pieces, role tokens included."""
    pieces: list[tuple[str, bool]] = []
    for index, message in enumerate(dialogue.messages):
        text = message_text(message)
        if index == 0 and dialogue.tools:
            text += "\n tools:" + "".join(tool_line(tool) for tool in dialogue.tools)
        pieces += [(ROLES[message.role], False), (text + END, message.target)]
    return pieces


def openai_messages(messages: tuple[DialogueMessage, ...]) -> list[dict[str, object]]:
    """The messages as an OpenAI chat request carries them."""
    requested: list[dict[str, object]] = []
    for index, message in enumerate(messages):
        if message.call is not None:
            call = {
                "name": message.call.name,
                "arguments": json.dumps(dict(message.call.arguments)),
            }
            requested.append(
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"id": f"call-{index}", "type": "function", "function": call}],
                }
            )
        elif message.role == "tool":
            requested.append(
                {"role": "tool", "content": message.text, "tool_call_id": f"call-{index - 1}"}
            )
        else:
            requested.append({"role": message.role, "content": message.text})
    return requested


def openai_tools(tools: tuple[DialogueTool, ...]) -> list[dict[str, object]]:
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
