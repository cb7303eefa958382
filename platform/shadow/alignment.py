"""A shadowed call as turns side by side. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from shadow.spoken_actions import spoken_actions
from shadow.types import Action, ActionKind, ComparedTurn, Side
from telephony.calls.types import CallPage, ToolUse
from verticals.transfer import TRANSFER
from warmline.kernel.text import fitted


def align(page: CallPage, *, writes: Mapping[str, bool]) -> tuple[ComparedTurn, ...]:
    """Each caller turn with what the agent and the person answered until the caller spoke again.

    `writes` says of each tool of the vertical whether it changes the world. What the person said
    before the first caller turn is a greeting and belongs to none.
    """
    spoken: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in page.transcript:
        spoken[line.turn][line.speaker].append(line.text)
    tools: dict[int, list[ToolUse]] = defaultdict(list)
    for tool in page.tools:
        tools[tool.turn].append(tool)
    return tuple(
        _turn(number, spoken[number], tools[number], writes)
        for number in sorted(spoken)
        if spoken[number]["caller"]
    )


def conversation(page: CallPage) -> str:
    """All that the caller and the person said, in one text."""
    return " ".join(line.text for line in page.transcript if line.speaker != "agent")


def _turn(
    number: int,
    spoken: Mapping[str, list[str]],
    tools: Sequence[ToolUse],
    writes: Mapping[str, bool],
) -> ComparedTurn:
    human = " ".join(spoken["human"])
    actions = tuple(_action(tool, writes) for tool in tools)
    return ComparedTurn(
        number=number,
        caller=" ".join(spoken["caller"]),
        agent=Side(text=" ".join(spoken["agent"]), actions=actions),
        human=Side(text=human, actions=spoken_actions(human)),
    )


def _action(tool: ToolUse, writes: Mapping[str, bool]) -> Action:
    return Action(
        kind=_kind(tool.name, writes), name=tool.name, arguments=_arguments(tool.arguments)
    )


def _kind(name: str, writes: Mapping[str, bool]) -> ActionKind:
    if name == TRANSFER.name:
        return "transfer"
    return "book" if writes.get(name, False) else "look_up"


def _arguments(arguments: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    # Escapes in JSON may name what no row can hold.
    return tuple((fitted(name), fitted(str(value))) for name, value in arguments.items())
