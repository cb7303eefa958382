"""The check of a tool's arguments, each by its kind: what nobody said is asked for. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from verticals.grounding.conversation import Said
from verticals.grounding.moments import is_day_named, is_time_named
from verticals.grounding.words import are_words_said, is_address_said, is_number_said, named
from warmline.kernel.vertical import ArgumentKind, Tool, ToolParameter

_ASK: Final[Mapping[ArgumentKind, str]] = {
    "words": "what is it for?",
    "day": "what day would suit you?",
    "time": "what time would suit you?",
    "name": "what name is it under?",
    "digits": "what is the number, digit by digit?",
    "address": "what is the address?",
}


@dataclass(frozen=True, slots=True)
class Unsaid:
    """An argument that nobody said: the question that would settle it, and why it is asked."""

    argument: str
    ask: str
    because: str


def grounded(
    tool: Tool,
    arguments: Mapping[str, str],
    *,
    said: Sequence[Said],
    today: date,
    caller_number: str,
) -> dict[str, str] | Unsaid:
    """The arguments as the caller said them, or the first one that he did not say.

    He has said it in his own words; or a tool or knowledge has told it; or it is the number that he
    calls from.
    """
    resolved = dict(arguments)
    for parameter in tool.parameters:
        value = arguments.get(parameter.name, "")
        if not value.strip():
            continue  # what is missing is asked for by whoever needs it
        if parameter.kind == "name":
            name = named(value, said=said)
            if name is None:
                return _unsaid(parameter)
            resolved[parameter.name] = name
        elif not _is_said(parameter, value, said=said, today=today, caller_number=caller_number):
            return _unsaid(parameter)
    return resolved


def _is_said(
    parameter: ToolParameter,
    value: str,
    *,
    said: Sequence[Said],
    today: date,
    caller_number: str,
) -> bool:
    match parameter.kind:
        case "day":
            return is_day_named(value, said=said, today=today)
        case "time":
            return is_time_named(value, said=said)
        case "digits":
            return is_number_said(value, said=said, caller_number=caller_number)
        case "address":
            return is_address_said(value, said=said)
        case _:
            return are_words_said(value, said=said)


def _unsaid(parameter: ToolParameter) -> Unsaid:
    return Unsaid(parameter.name, _ASK[parameter.kind], f"the {parameter.name} was not said")
