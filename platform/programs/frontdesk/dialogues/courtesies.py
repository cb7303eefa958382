"""Turns beside the matter: greetings, goodbyes, small talk, and what was not understood."""

from __future__ import annotations

from programs.frontdesk.dialogues.builder import DialogueBuilder

UNCLEAR = "sorry, i did not catch that. could you say it again?"
SORRY = "i am sorry about that. could you tell me again what you need?"


def greeting(builder: DialogueBuilder) -> None:
    """The first words, either the model's own or some that the product spoke."""
    own = f"thanks for calling {builder.business}, this is {builder.agent}. how can i help?"
    if builder.rng.random() < 0.7:
        builder.agent_says(own, act="greet")
        return
    other = builder.rng.choice(
        (
            "hello, you have reached {b}. what can i do for you?",
            "{b}, {a} speaking.",
            "welcome to {b}. how may i help you today?",
            "good day, this is {b}. how can i help?",
            "hi, {a} here from {b}.",
            "thank you for calling {b}. how can i help you?",
        )
    )
    builder.agent_says(other.format(b=builder.business, a=builder.agent), act="greet", target=False)


def goodbye(builder: DialogueBuilder) -> None:
    """The caller leaves."""
    builder.caller_says("bye")
    builder.agent_says(f"thank you for calling {builder.business}. goodbye.", act="bye")


def small_talk(builder: DialogueBuilder) -> None:
    """Questions about the agent itself, the date, and courtesies."""
    kind = builder.rng.choice(
        ("robot", "who", "date", "how_are_you", "thanks", "hello", "hold_on", "repeat")
    )
    said = [m for m in builder.messages if m.role == "assistant" and not m.call]
    if kind == "repeat" and not said:
        kind = "hello"
    builder.caller_says(kind, x=builder.business)
    last = said[-1].text if said else ""
    builder.agent_says(
        {
            "robot": f"i am the virtual receptionist at {builder.business}. how can i help?",
            "who": f"this is {builder.agent} at {builder.business}. how can i help?",
            "date": f"today is {builder.today}.",
            "how_are_you": "i am well, thank you. how can i help?",
            "thanks": "is there anything else i can help with?",
            "hello": "hello, how can i help?",
            "hold_on": "of course. how can i help?",
            "repeat": last,
        }[kind],
        act="chat",
    )


def off_role(builder: DialogueBuilder) -> None:
    """The caller tries to lead the agent away."""
    builder.caller_says("off_role")
    builder.agent_says(
        f"i can only help with calls for {builder.business}. what can i do for you?", act="off_role"
    )


def fail_once(builder: DialogueBuilder) -> None:
    """The caller is not understood, or was answered wrongly, once."""
    if builder.rng.random() < 0.5:
        builder.caller_says("gibberish")
        builder.agent_says(UNCLEAR, act="unclear")
    else:
        builder.caller_says("not_helped")
        builder.agent_says(SORRY, act="unclear")
