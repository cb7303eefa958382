"""What an agent brings to a call: its words, tools, voice and bounds. Frozen, no Django."""

from typing import Final, Literal

import msgspec

from warmline.kernel.vertical import Tool

# What becomes of a call that no agent can take or go on with: a person, a message, or a word and
# the end.
OnFailure = Literal["person", "message", "goodbye"]
RECEPTIONIST: Final = "the receptionist"


class Voice(msgspec.Struct, frozen=True):
    """How the agent sounds: the speech endpoint's voice name and speed."""

    name: str = "en-us"
    speed: float = 1.0


class Limits(msgspec.Struct, frozen=True):
    """Bounds of one call."""

    max_seconds: int = 900
    max_turns: int = 60
    # what ends a turn that might be over or not; words and voice shorten and lengthen it
    silence_ms: int = 600
    idle_seconds: int = 20  # nobody speaks: the agent asks once, then ends


class AgentConfig(msgspec.Struct, frozen=True):
    """What an agent's version gives to each of its calls."""

    agent_version_id: str
    # the system message, byte-stable for an agent version, so that its prefix is cached
    prompt: str
    greeting: str
    tools: tuple[Tool, ...]
    knowledge: str  # handle of the tenant's knowledge; empty: none
    vocabulary: tuple[str, ...]  # words and phrases that help speech recognition
    voice: Voice
    language: str
    limits: Limits
    agent_id: str = ""  # plans and number tables of an older version lack it
    # plans and table entries of an older version lack it
    on_failure: OnFailure = "person"
