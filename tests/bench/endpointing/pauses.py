"""Turns and the pauses in them, as the media plane's own endpointer finds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from telephony.media.audio.endpointing import Endpointer, Endpointing
from tests.bench.human_speech import Speech

FRAME: Final = 160
LEAST_MS: Final = 160  # shorter ones start nothing
SILENCE: Final = b"\xff" * FRAME


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause: where its turn stood when it began, and how long it lasts; None is the end."""

    turn: str
    kind: str
    began_at: int  # bytes into the turn at which the last voiced frame ended
    lasts_ms: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """A pause with what was known `LEAST_MS` into it."""

    turn: str
    kind: str
    lasts_ms: int | None
    voice: float
    words: str
    asked: str = "nothing"


def pauses(speech: Speech) -> Iterator[Pause]:
    """Every pause of at least `LEAST_MS`, and last the end of the turn."""
    endpointer = Endpointer(Endpointing(pause_ms=LEAST_MS, silence_ms=60_000))
    last_voice = 0
    began: int | None = None
    for start in range(0, len(speech.mulaw) - FRAME + 1, FRAME):
        change = endpointer.feed(speech.mulaw[start : start + FRAME])
        if change == "paused":
            began = last_voice
        elif change == "started" and began is not None:
            lasts_ms = (start - began) // 8
            yield Pause(speech.name, speech.kind, began, lasts_ms)
            began = None
        if endpointer.speaking and endpointer.silence_ms == 0:
            last_voice = start + FRAME
    if last_voice and speech.ends:
        yield Pause(speech.name, speech.kind, last_voice, None)
