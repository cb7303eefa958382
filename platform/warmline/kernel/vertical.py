"""What a vertical is: its words, its tools, its Postgres schema. Frozen, no Django."""

from typing import Any, Final, Literal

import msgspec

# The one tool that every agent has.
TRANSFER_TO_PERSON: Final = "transfer_to_person"


# How it is checked that an argument was said; "words" may be put otherwise.
ArgumentKind = Literal["words", "day", "time", "name", "digits", "address"]


class ToolParameter(msgspec.Struct, frozen=True):
    """One argument of a tool: always the caller's own words; the web plane parses them."""

    name: str
    description: str
    required: bool = True
    kind: ArgumentKind = "words"


class Tool(msgspec.Struct, frozen=True):
    """Something an agent may do; shadow mode never runs one that `writes`.

    `description` is what the model reads, `title` what people do, where that is not the same.
    """

    name: str
    description: str
    parameters: tuple[ToolParameter, ...]
    writes: bool
    title: str = ""

    def as_openai(self) -> dict[str, Any]:
        """The tool in the `tools` format of OpenAI's chat completions."""
        properties = {
            p.name: {"type": "string", "description": p.description} for p in self.parameters
        }
        return {
            "type": "function",
            "function": {
                "name": self.name,
                "description": self.description,
                "parameters": {
                    "type": "object",
                    "properties": properties,
                    "required": [p.name for p in self.parameters if p.required],
                },
            },
        }


def schema_of(slug: str) -> str:
    """The Postgres schema of the vertical of that slug."""
    return f"{slug}_voice"


class Starter(msgspec.Struct, frozen=True):
    """What a new agent begins with: {business} and {agent} in its greeting are filled in.

    `facts` are those that callers ask for: a label, and an example of how it is said.
    """

    greeting: str = "Thanks for calling {business}, this is {agent}. How can I help?"
    facts: tuple[tuple[str, str], ...] = (("hours", "monday to friday eight to six"),)
    vocabulary: tuple[str, ...] = ()


ExtractionType = Literal["text", "yes_no"]


class ExtractionField(msgspec.Struct, frozen=True):
    """Something to be read out of a call after its end; `description` is what the model reads."""

    name: str
    description: str
    type: ExtractionType = "text"


class Vertical(msgspec.Struct, frozen=True):
    """A line of business: `slug` names its folder, `business_kind` says what its companies are."""

    slug: str
    title: str
    business_kind: str
    tools: tuple[Tool, ...]
    starter: Starter = Starter()
    # What is read out of a call where its agent's version names nothing.
    extraction: tuple[ExtractionField, ...] = ()

    def tool(self, name: str) -> Tool | None:
        """The tool of that name, or None."""
        return next((tool for tool in self.tools if tool.name == name), None)
