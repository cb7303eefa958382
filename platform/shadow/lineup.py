"""A shadowed call as turns side by side. Pure."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from shadow.deeds import deeds
from shadow.types import Action, ActionKind, Side, Turn
from telephony.types import CallPage, ToolUse, Utterance
from verticals.transfer import TRANSFER


def line_up(page: CallPage, *, writes: Mapping[str, bool]) -> tuple[Turn, ...]:
    """Each caller turn with what the agent and the person answered to it, until the caller spoke
    again.

    `writes` says of each tool of the vertical whether it changes the world. What the person said
    before the first caller turn is a greeting and belongs to none.
    """
    spoken: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in page.transcript:
        spoken[line.turn][line.speaker].append(line.text)
    asked: dict[int, list[ToolUse]] = defaultdict(list)
    for use in page.tools:
        asked[use.turn].append(use)
    return tuple(
        _turn(number, spoken[number], asked[number], writes)
        for number in sorted(spoken)
        if spoken[number]["caller"]
    )


def conversation(page: CallPage) -> str:
    """All that the caller and the person said, in one text."""
    return " ".join(_line(each) for each in page.transcript if each.speaker != "agent")


def _turn(
    number: int,
    spoken: Mapping[str, list[str]],
    asked: Sequence[ToolUse],
    writes: Mapping[str, bool],
) -> Turn:
    human = " ".join(spoken["human"])
    return Turn(
        number=number,
        caller=" ".join(spoken["caller"]),
        agent=Side(
            text=" ".join(spoken["agent"]), actions=tuple(_action(use, writes) for use in asked)
        ),
        human=Side(text=human, actions=deeds(human)),
    )


def _action(use: ToolUse, writes: Mapping[str, bool]) -> Action:
    return Action(kind=_kind(use.name, writes), name=use.name, arguments=_arguments(use.arguments))


def _kind(name: str, writes: Mapping[str, bool]) -> ActionKind:
    if name == TRANSFER.name:
        return "transfer"
    return "book" if writes.get(name, False) else "look_up"


def _arguments(text: str) -> tuple[tuple[str, str], ...]:
    """The tool's arguments; what is no JSON object is one argument as it stands."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return (("arguments", text),)
    if not isinstance(found, dict):
        return (("arguments", text),)
    return tuple((str(name), str(value)) for name, value in found.items())


def _line(utterance: Utterance) -> str:
    return utterance.text
