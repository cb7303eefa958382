"""An agent as a file has it, so that it can live in git: frozen."""

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from agents.editing.wording import (
    FIELD_NAME,
    LIMITS,
    MAX_COLLECTIONS,
    MAX_DESCRIPTION,
    MAX_EXTRACTION,
    MAX_FACTS,
    MAX_WORDS,
    SPEEDS,
)
from agents.types import MAX_INSTRUCTIONS, Wording
from warmline.kernel.agent import RECEPTIONIST, Limits, OnFailure, Voice
from warmline.kernel.vertical import ExtractionField, ExtractionType

ADDRESS: Final = "https://json-schema.org/draft/2020-12/schema"
Seconds = Annotated[int, Meta(ge=LIMITS["max_seconds"][0], le=LIMITS["max_seconds"][1])]
Turns = Annotated[int, Meta(ge=LIMITS["max_turns"][0], le=LIMITS["max_turns"][1])]
Silence = Annotated[int, Meta(ge=LIMITS["silence_ms"][0], le=LIMITS["silence_ms"][1])]
Idle = Annotated[int, Meta(ge=LIMITS["idle_seconds"][0], le=LIMITS["idle_seconds"][1])]


class FactEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that callers may be told, as it is spoken."""

    label: str
    value: str


class VoiceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the agent sounds."""

    name: str = Voice().name
    speed: Annotated[float, Meta(ge=SPEEDS[0], le=SPEEDS[1])] = Voice().speed


class LimitsEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of one call."""

    max_seconds: Seconds = Limits().max_seconds
    max_turns: Turns = Limits().max_turns
    silence_ms: Annotated[
        Silence, Meta(description="The silence that ends a turn which might be over or not")
    ] = Limits().silence_ms
    idle_seconds: Annotated[
        Idle, Meta(description="Nobody speaks: the agent asks once, then ends the call")
    ] = Limits().idle_seconds


class ExtractionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is read out of each call after its end."""

    name: Annotated[
        str,
        Meta(pattern=FIELD_NAME.pattern, description="Lower-case, such as customer_name"),
    ]
    description: Annotated[
        str, Meta(max_length=MAX_DESCRIPTION, description="What the model looks for")
    ]
    type: ExtractionType = "text"


class AgentFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an agent is. What is left out is as a new agent has it."""

    agent: Annotated[str, Meta(max_length=60, description="Which agent: made if it is new")]
    greeting: Annotated[str, Meta(max_length=300)]
    name: Annotated[
        str, Meta(max_length=60, description="How it introduces itself; left out: as `agent`")
    ] = ""
    role: Annotated[str, Meta(max_length=120)] = RECEPTIONIST
    instructions: Annotated[str, Meta(max_length=MAX_INSTRUCTIONS)] = ""
    facts: Annotated[tuple[FactEntry, ...], Meta(max_length=MAX_FACTS)] = ()
    tools: Annotated[
        tuple[str, ...], Meta(description="Tools of the vertical; left out: all of them")
    ] = ()
    collections: Annotated[
        tuple[str, ...],
        Meta(
            max_length=MAX_COLLECTIONS,
            description="Knowledge, by the names of collections; left out: all of it",
        ),
    ] = ()
    vocabulary: Annotated[tuple[str, ...], Meta(max_length=MAX_WORDS)] = ()
    voice: VoiceEntry = VoiceEntry()
    language: str = "en"
    limits: LimitsEntry = LimitsEntry()
    on_failure: OnFailure = "person"
    extraction: Annotated[
        tuple[ExtractionEntry, ...],
        Meta(max_length=MAX_EXTRACTION, description="Left out: as the line of business has it"),
    ] = ()
    announces_recording: Annotated[
        bool, Meta(description="Whether it says before its greeting that the call is recorded")
    ] = False

    def wording(self, *, collections: tuple[str, ...]) -> Wording:
        """What the file says, as a draft or version keeps it; `collections` are the ids of those
        that it names.
        """
        return Wording(
            greeting=self.greeting.strip(),
            name=self.name.strip() or self.agent.strip(),
            role=self.role.strip(),
            instructions=self.instructions,
            facts=tuple((fact.label.strip(), fact.value.strip()) for fact in self.facts),
            tools=self.tools,
            collections=collections,
            vocabulary=tuple(word.strip() for word in self.vocabulary),
            voice=Voice(self.voice.name, self.voice.speed),
            language=self.language,
            limits=msgspec.convert(msgspec.to_builtins(self.limits), Limits),
            on_failure=self.on_failure,
            extraction=msgspec.convert(
                msgspec.to_builtins(self.extraction), tuple[ExtractionField, ...]
            ),
            announces_recording=self.announces_recording,
        )


def agent_file(name: str, wording: Wording, *, collections: tuple[str, ...]) -> AgentFile:
    """The file of an agent of that name; `collections` are the names of those that it knows."""
    fields: dict[str, Any] = {
        "agent": name,
        "greeting": wording.greeting,
        "name": wording.name,
        "role": wording.role,
        "instructions": wording.instructions,
        "facts": tuple(FactEntry(label, value) for label, value in wording.facts),
        "tools": wording.tools,
        "collections": collections,
        "vocabulary": wording.vocabulary,
        "voice": VoiceEntry(wording.voice.name, wording.voice.speed),
        "language": wording.language,
        "limits": msgspec.convert(msgspec.to_builtins(wording.limits), LimitsEntry),
        "on_failure": wording.on_failure,
        "extraction": msgspec.convert(
            msgspec.to_builtins(wording.extraction), tuple[ExtractionEntry, ...]
        ),
        "announces_recording": wording.announces_recording,
    }
    return AgentFile(**fields)


def file_schema() -> dict[str, Any]:
    """The JSON schema of an agent's file."""
    return {"$schema": ADDRESS, **msgspec.json.schema(AgentFile)}
