"""The test set: cases of businesses, names, facts and phrasings that no training dialogue has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from programs.frontdesk.dialogues import generator
from programs.frontdesk.dialogues.difficulty import FULL, Difficulty
from programs.frontdesk.evaluation.scoring import Case
from programs.frontdesk.types import DialogueMessage

FIRST_SEED = 900_000_000


def held_out_cases(
    matches: Callable[[DialogueMessage], bool],
    *,
    count: int,
    first_seed: int = FIRST_SEED,
    difficulty: Difficulty = FULL,
    held_out: bool = True,
) -> Iterator[Case]:
    """Cases whose next agent's turn matches, at most one from a dialogue."""
    seed = first_seed
    while count > 0:
        dialogue = generator.generate(seed, difficulty=difficulty, held_out=held_out)
        messages = dialogue.messages
        turns = [
            turn for turn, message in enumerate(messages) if message.target and matches(message)
        ]
        if turns:
            turn = turns[seed % len(turns)]
            yield Case(replace(dialogue, messages=messages[:turn]), messages[turn])
            count -= 1
        seed += 1


def calls_a_tool(message: DialogueMessage) -> bool:
    """A booking or a look-up."""
    return message.act in ("book", "lookup")


def answers(message: DialogueMessage) -> bool:
    """An answer from the facts or a passage."""
    return message.act == "answer"


def does_not_know(message: DialogueMessage) -> bool:
    """A question that nothing answers."""
    return message.act == "unknown"


def transfers(message: DialogueMessage) -> bool:
    """The call goes to a person."""
    return message.act == "transfer"


def does_not_transfer(message: DialogueMessage) -> bool:
    """Every other turn after the greeting."""
    return message.act not in ("transfer", "greet")
