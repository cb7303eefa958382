"""What a caller is told of a booking by the platform itself, from what was resolved. Pure.

A model reads back what it remembers, which is not always what was booked.
"""

from verticals.spoken.languages import language_of
from verticals.types import ToolAnswer


def read_back(
    *, when: str, who: str, where: str, reference: str, was_moved: bool, language: str
) -> str:
    """What was booked: day, date and time, name, place and reference.

    English alone: in other languages, in which days are not said yet, it is left to the model.
    """
    if not _is_english(language):
        return ""
    done = "I have moved it to" if was_moved else "You are booked for"
    place = f", at {where}" if where else ""
    return (
        f"{done} {when}, under the name {who}{place}. Your reference is {reference}."
        " Is there anything else?"
    )


def asked(ask: str, *, because: str, language: str) -> ToolAnswer:
    """An error with a question, so that the model takes nothing for booked."""
    say = f"Sorry, {ask}" if _is_english(language) else ""
    return ToolAnswer(ok=False, result={"status": "error", "ask": ask, "because": because}, say=say)


def _is_english(tag: str) -> bool:
    language = language_of(tag)
    return language is not None and language.code == "en"
