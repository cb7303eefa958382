"""Speech that comes with the program: µ-law at 8 kHz, for when no replica speaks."""

from functools import cache
from pathlib import Path
from typing import Final

from telephony.media.speech import phrases

_FILES: Final = {
    phrases.TROUBLE_TRANSFER: "trouble_transfer.ulaw",
    phrases.TROUBLE_GOODBYE: "trouble_goodbye.ulaw",
}


@cache
def audio(text: str) -> bytes:
    """The clip that says this; `KeyError` for words without one."""
    return (Path(__file__).parent / "clips" / _FILES[text]).read_bytes()


def load() -> None:
    """Read all of them now, so that none is read while someone waits."""
    for text in _FILES:
        audio(text)
