"""Turns that end with a person: asked for, in an emergency, or after two failures."""

from __future__ import annotations

from programs.frontdesk.dialogues import courtesies
from programs.frontdesk.dialogues.builder import DialogueBuilder

CONNECTING = "i am putting you through now. please hold."
OWN_EMERGENCIES = ("homeservices", "healthcare")


def transfer(builder: DialogueBuilder, *, reason: str) -> None:
    """Transfer the call to a person."""
    tool = builder.toolbox.transfer
    builder.agent_calls(tool.name, [(tool.required[0], reason)], act="transfer")
    builder.tool_returns(status="transferring")
    builder.agent_says(CONNECTING, act="chat")


def ask_person(builder: DialogueBuilder) -> None:
    """The caller wants a person."""
    builder.caller_says("person")
    transfer(builder, reason="caller asked")


def emergency(builder: DialogueBuilder) -> None:
    """The caller is in danger."""
    if builder.vertical in OWN_EMERGENCIES and builder.rng.random() < 0.7:
        builder.caller_says(f"emergency_{builder.vertical}")
    else:
        builder.caller_says("emergency")
    transfer(builder, reason="emergency")


def fail_twice(builder: DialogueBuilder) -> None:
    """Two failures in a row end with a person."""
    courtesies.fail_once(builder)
    builder.caller_says(builder.rng.choice(("gibberish", "not_helped", "again_not_helped")))
    transfer(builder, reason="could not help")
