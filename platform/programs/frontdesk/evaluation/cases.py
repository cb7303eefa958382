"""Held-out cases for each measure:
businesses, names, facts and phrasings that training never saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from programs.frontdesk.dialogues import dialogues
from programs.frontdesk.evaluation.scoring import Case
from programs.frontdesk.types import Message

FIRST_SEED = 900_000_000


def cases(
    wanted: Callable[[Message], bool],
    *,
    count: int,
    first_seed: int = FIRST_SEED,
    stage: dialogues.Stage = dialogues.FULL,
    held: bool = True,
) -> Iterator[Case]:
    """Cases whose next agent's turn is wanted, at most one from a dialogue."""
    found, seed = 0, first_seed
    while found < count:
        dialogue = dialogues.dialogue(seed, stage=stage, held=held)
        places = [
            at for at, message in enumerate(dialogue.messages) if message.target and wanted(message)
        ]
        if places:
            at = places[seed % len(places)]
            yield Case(replace(dialogue, messages=dialogue.messages[:at]), dialogue.messages[at])
            found += 1
        seed += 1


def calls_a_tool(message: Message) -> bool:
    """A booking or a look-up."""
    return message.act in ("book", "lookup")


def answers(message: Message) -> bool:
    """An answer from the facts or a passage."""
    return message.act == "answer"


def does_not_know(message: Message) -> bool:
    """A question that nothing answers."""
    return message.act == "unknown"


def hands_over(message: Message) -> bool:
    """The call goes to a person."""
    return message.act == "transfer"


def stays(message: Message) -> bool:
    """Every other turn after the greeting."""
    return message.act not in ("transfer", "greet")
