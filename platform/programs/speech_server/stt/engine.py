"""What a recogniser is to the server: one engine a process, ears for each caller."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from programs.speech_server.audio import Samples, read_wav
from programs.speech_server.errors import SpeechFailed

KNOWN_UTTERANCE: Final = Path(__file__).with_name("known_utterance.wav")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a word as the model writes it, and the logarithm of its probability."""

    text: str
    logprob: float


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance's text, and its pieces where the engine says how sure it is of them."""

    text: str
    pieces: tuple[Piece, ...] = ()


class Ears(Protocol):
    """One caller's recogniser.

    An utterance that fails raises; the next `begin` starts as if it had never been.
    """

    def expect(self, phrases: Sequence[str]) -> None:
        """Words of the company, which are heard better from some later utterance on."""

    async def begin(self) -> None:
        """A new utterance; one that was going on is thrown away."""

    async def feed(self, samples: Samples) -> None:
        """More of the utterance, at 8 kHz."""

    async def partial(self) -> str | None:
        """A new hypothesis of the words so far, where there is one; it never waits for another
        caller's.
        """

    async def finish(self) -> Heard:
        """The utterance's words; `SlotsFull` when the machine is too busy to say in time."""


class SttEngine(Protocol):
    """All callers' recogniser; `model` is what the server lists it as."""

    model: str

    def ears(self, phrases: Sequence[str] = ()) -> AbstractAsyncContextManager[Ears]:
        """Ears for as long as a call lasts, which know `phrases`; `SlotsFull` when all are lent."""

    async def learn(self, phrases: Sequence[str]) -> str:
        """Make a company's words ready before its call comes; a name for them."""

    async def close(self) -> None:
        """No more work; what runs is finished."""


async def check(engine: SttEngine) -> None:
    """Hear an utterance whose words are known; `SpeechFailed` when nothing is heard of it."""
    samples, _ = read_wav(KNOWN_UTTERANCE.read_bytes())
    async with engine.ears() as ears:
        await ears.begin()
        await ears.feed(samples)
        heard = await ears.finish()
    if not heard.text:
        raise SpeechFailed(f"{engine.model} heard no word of an utterance that is known")
