"""How long the first token takes behind a long prompt whose prefix is cached."""

from __future__ import annotations

from dataclasses import replace

from programs.frontdesk.client import ModelClient
from programs.frontdesk.dialogues import generator
from programs.frontdesk.dialogues.difficulty import FULL
from programs.frontdesk.dialogues.wording.numbers import number
from programs.frontdesk.evaluation.held_out import FIRST_SEED
from programs.frontdesk.types import Dialogue, DialogueMessage

PROMPT_TOKENS = 800
WORDS_A_TOKEN = 0.68  # tool calls and passages included
WARM_UPS = 3


def long_prompt() -> Dialogue:
    """A dialogue whose prompt is of about 800 tokens: held-out ones, one after another."""
    seed = FIRST_SEED
    first = dialogue = generator.generate(seed, difficulty=FULL, held_out=True)
    messages: list[DialogueMessage] = []
    words = 0
    while words < PROMPT_TOKENS * WORDS_A_TOKEN:
        messages += [
            message
            for message in dialogue.messages[1 if messages else 0 :]
            if message.role in ("user", "assistant", "system") and message.call is None
        ]
        words = sum(len(message.text.split()) for message in messages)
        seed += 1
        dialogue = generator.generate(seed, difficulty=FULL, held_out=True)
    return replace(first, messages=tuple(messages))


def first_tokens_ms(model: ModelClient, *, tries: int) -> list[float]:
    """First-token times of new questions behind one long, cached prompt, in ascending order."""
    prompt = long_prompt()
    questions = [
        DialogueMessage("user", f"what is your price number {number(index)} please")
        for index in range(tries + WARM_UPS)
    ]
    times = [
        model.first_token_ms(replace(prompt, messages=(*prompt.messages, question)))
        for question in questions
    ]
    return sorted(times[WARM_UPS:])
