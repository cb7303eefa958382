"""Short words for a caller who waits: by what he waits for, in the agent's language. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from telephony.media.speech.turn_budget import Wait
from verticals.spoken.languages import language_of
from warmline.kernel.vertical import TRANSFER_TO_PERSON, Tool

Occasion = Literal["moment", "thinking", "looking", "booking", "calendar", "doing", "longer"]
Words: TypeAlias = Mapping[Occasion, Sequence[str]]

_WORDS: Final[Mapping[str, Words]] = {
    "en": {
        "moment": ("One moment, please.", "Just a second, please."),
        "thinking": ("Let me see.", "One moment, please."),
        "looking": ("Let me look that up.", "Let me check that for you."),
        "booking": ("Let me book that.", "I'm putting that in."),
        "calendar": ("I'm checking the calendar.", "Let me look at the calendar."),
        "doing": ("Let me do that for you.", "I'm taking care of that."),
        "longer": (
            "I'm still on it, one moment.",
            "Thanks for waiting, this is taking a little longer.",
            "Please bear with me.",
        ),
    },
    "es": {
        "moment": ("Un momento, por favor.", "Un segundo, por favor."),
        "thinking": ("Déjeme ver.", "Un momento, por favor."),
        "looking": ("Déjeme consultarlo.", "Voy a mirarlo."),
        "booking": ("Voy a reservarlo.", "Lo estoy apuntando."),
        "calendar": ("Estoy mirando la agenda.", "Déjeme mirar la agenda."),
        "doing": ("Voy a hacerlo.", "Me ocupo de ello."),
        "longer": (
            "Sigo en ello, un momento.",
            "Gracias por esperar, está tardando un poco más.",
            "Un poco de paciencia, por favor.",
        ),
    },
    "fr": {
        "moment": ("Un instant, s'il vous plaît.", "Une seconde, s'il vous plaît."),
        "thinking": ("Voyons.", "Un instant, s'il vous plaît."),
        "looking": ("Je regarde.", "Je vérifie cela pour vous."),
        "booking": ("Je vous l'inscris.", "Je fais la réservation."),
        "calendar": ("Je regarde l'agenda.", "Je consulte l'agenda."),
        "doing": ("Je m'en occupe.", "Je le fais tout de suite."),
        "longer": (
            "Je m'en occupe toujours, un instant.",
            "Merci de patienter, c'est un peu plus long.",
            "Encore un peu de patience, s'il vous plaît.",
        ),
    },
    "de": {
        "moment": ("Einen Moment, bitte.", "Eine Sekunde, bitte."),
        "thinking": ("Mal sehen.", "Einen Moment, bitte."),
        "looking": ("Ich schaue nach.", "Ich prüfe das für Sie."),
        "booking": ("Ich trage das ein.", "Ich buche das für Sie."),
        "calendar": ("Ich schaue in den Kalender.", "Ich prüfe den Kalender."),
        "doing": ("Das mache ich für Sie.", "Ich kümmere mich darum."),
        "longer": (
            "Ich bin noch dabei, einen Moment.",
            "Danke fürs Warten, es dauert etwas länger.",
            "Bitte haben Sie noch etwas Geduld.",
        ),
    },
}
# Said in English, from audio that comes with the program, where no other words are ready.
LAST_RESORT: Final = ("One moment, please.", "I'm still on it, one moment.")


def occasion_of(wait: Wait, tools: Sequence[Tool]) -> Occasion:
    """What is being waited for, in the terms of those who say something about it."""
    match wait.stage:
        case "knowledge":
            return "looking"
        case "model":
            return "thinking"
        case "tool" if wait.tool != TRANSFER_TO_PERSON:
            tool = next((tool for tool in tools if tool.name == wait.tool), None)
            return "looking" if tool is None else _occasion_of_tool(tool)
        case _:
            return "moment"


def _occasion_of_tool(tool: Tool) -> Occasion:
    words = f"{tool.name} {tool.description}".lower()
    if tool.writes:
        return "booking" if "book" in words or "reserv" in words else "doing"
    return "calendar" if "free time" in words or "availab" in words else "looking"


def chosen(
    wait: Wait,
    *,
    tools: Sequence[Tool],
    language: str,
    last: str,
    again: bool,
    is_ready: Callable[[str], bool],
) -> str | None:
    """The words for a wait, never the `last` ones; None where none of the language is ready.

    `again`: something was said for the same wait already.
    """
    words = _words_in(language)
    occasion: Occasion = "longer" if again else occasion_of(wait, tools)
    order: tuple[Occasion, ...] = (
        (occasion, "longer", "moment", "thinking") if again else (occasion, "moment", "longer")
    )
    others = [phrase for other in order for phrase in words[other]]
    for phrase in _after(last, others, words[occasion]):
        if phrase != last and is_ready(phrase):
            return phrase
    return None


def worth_making(tools: Sequence[Tool], *, language: str, knowledge: bool) -> list[str]:
    """The words that a call of an agent may need at once, those first that are needed most."""
    words = _words_in(language)
    occasions = dict.fromkeys(
        _occasion_of_tool(tool) for tool in tools if tool.name != TRANSFER_TO_PERSON
    )
    first: list[Occasion] = [*occasions, "moment", "thinking", "longer"]
    if knowledge:
        first.append("looking")
    phrases = [words[occasion][0] for occasion in first]
    return list(dict.fromkeys([*phrases, *words["longer"][1:], *words["moment"][1:]]))


def _after(last: str, phrases: Sequence[str], own: Sequence[str]) -> Iterator[str]:
    """The phrases of the occasion from behind the last one on, then the others."""
    place = own.index(last) + 1 if last in own else 0
    yield from own[place:]
    yield from own[:place]
    yield from phrases


def _words_in(tag: str) -> Words:
    language = language_of(tag)
    return _WORDS.get(language.code if language else "", _WORDS["en"])
