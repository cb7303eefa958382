"""Speech that comes with the program: µ-law at 8 kHz, for when no replica speaks."""

from functools import cache
from pathlib import Path
from typing import Final

from telephony.media.speech import phrases
from telephony.media.speech.meanwhile_phrases import LAST_RESORT

_FILES: Final = {
    phrases.TROUBLE_TRANSFER: "trouble_transfer.ulaw",
    phrases.TROUBLE_GOODBYE: "trouble_goodbye.ulaw",
    LAST_RESORT[0]: "one_moment.ulaw",
    LAST_RESORT[1]: "still_on_it.ulaw",
}


@cache
def audio(text: str) -> bytes:
    """The clip that says this; `KeyError` for words without one."""
    return (Path(__file__).parent / "clips" / _FILES[text]).read_bytes()


def load() -> None:
    """Read all of them now, so that none is read while someone waits."""
    for text in _FILES:
        audio(text)
