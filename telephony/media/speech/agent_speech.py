"""What the agent says at a time: a reply of the model, or a fixed utterance."""

import asyncio
from typing import Protocol

from telephony.media.audio.audio_output import AudioOutput
from telephony.media.audio.playout import HeardSentence
from telephony.media.replicas.completion import Completion
from telephony.media.session.call_resources import CallResources
from telephony.media.speech.waterfall import Waterfall
from warmline.kernel.call import EndReason, Passage
from warmline.kernel.conversation import Message


class AgentSpeech(Protocol):
    """Words of the agent: made, said sentence by sentence, heard as far as they were played."""

    turn: int
    text: str  # what a reply answers, or what an utterance says
    gate: asyncio.Event  # the turn is the agent's: words may leave, tools may run
    waterfall: Waterfall
    completion: Completion
    passages: tuple[Passage, ...]
    out_of_reach: bool  # knowledge did not answer
    sentences: int  # how many have been begun, with those of the turn before them
    end_reason: EndReason | None  # the call ends when all of it was said
    said_goodbye: bool  # to a caller who did not take leave: he may still say something
    measured: bool  # its waterfall is an event already
    committed: bool  # its words are in the context

    @property
    def words_heard(self) -> str:
        """What the caller heard of it, in all."""

    def was_heard(self, sentence: HeardSentence) -> None:
        """A sentence of it was played, or cut."""

    def turn_messages(self) -> list[Message]:
        """What it adds to the conversation before the agent's words."""

    async def run(self) -> None:
        """Say it.

        Returns when the last words were sent; `EveryRungFailed` when no replica answers any more.
        """

    async def settled(self) -> None:
        """Wait for what still runs of it after it was cut."""


class SpeechState:
    """How far a speech has come, whatever its kind."""

    def __init__(
        self, resources: CallResources, audio_output: AudioOutput, *, turn: int, text: str
    ) -> None:
        self.turn = turn
        self.text = text
        self.gate = asyncio.Event()
        self.waterfall = Waterfall(clock_ms=resources.clock_ms)
        self.completion = Completion()
        self.passages: tuple[Passage, ...] = ()
        self.out_of_reach = False
        self.sentences = 0
        self.end_reason: EndReason | None = None
        self.said_goodbye = False
        self.measured = False
        self.committed = False
        self._resources = resources
        self._audio_output = audio_output
        self._heard: list[HeardSentence] = []

    def was_heard(self, sentence: HeardSentence) -> None:
        """A sentence of it was played, or cut."""
        self._heard.append(sentence)
