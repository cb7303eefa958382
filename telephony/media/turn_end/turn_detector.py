"""What is known in a pause of the caller's, and how long the turn is therefore waited for."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Protocol

from telephony.media.audio.audio_input import AudioInput
from telephony.media.metrics import TURN_ENDS
from telephony.media.turn_end.asked import asked
from telephony.media.turn_end.decision import Evidence, wait
from telephony.media.turn_end.smart_turn import SmartTurn
from verticals.spoken.languages import language_of


class Heard(Protocol):
    """What the caller last heard of the agent."""

    @property
    def agents_last_words(self) -> str:
        """The agent's words, as far as they were played."""


class TurnDetector:
    """Tells the endpointer, whenever more is known of a pause, after how much silence it ends."""

    def __init__(
        self,
        audio_input: AudioInput,
        heard: Heard,
        *,
        silence_ms: int,
        language: str,
        smart_turn: SmartTurn | None,
        spawn: Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"],
    ) -> None:
        self._audio_input = audio_input
        self._heard = heard
        self._silence_ms = silence_ms
        spoken = language_of(language)
        self._knows_words = spoken is not None and spoken.code == "en"
        self._smart_turn = smart_turn
        self._spawn = spawn
        self._listening: asyncio.Task[None] | None = None
        self._pausing = False
        self._evidence = Evidence()
        self._wait = wait(self._evidence, silence_ms=silence_ms)

    def paused(self) -> None:
        """The caller pauses."""
        self._pausing = True
        self._learn(Evidence(asked=asked(self._heard.agents_last_words)))
        if self._smart_turn is not None:
            self._listening = self._spawn(self._listen(self._smart_turn))

    def heard(self, words: str, *, confidence: float | None) -> None:
        """These are the turn's words so far, and how sure they are where that is known."""
        if self._knows_words:
            sure = 1.0 if confidence is None else confidence
            self._learn(replace(self._evidence, words=words, confidence=sure))

    def goes_on(self) -> None:
        """The caller speaks again: nothing is known of the next pause."""
        self._pausing = False
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def over(self) -> None:
        """The turn has ended."""
        self.goes_on()
        TURN_ENDS.labels(self._wait.because).inc()

    async def _listen(self, smart_turn: SmartTurn) -> None:
        """Learn how the voice fell."""
        voice = await smart_turn.probability(self._audio_input.turn_audio())
        if voice is not None:
            self._learn(replace(self._evidence, voice=voice))

    def _learn(self, evidence: Evidence) -> None:
        if not self._pausing:
            return
        self._evidence = evidence
        self._wait = wait(evidence, silence_ms=self._silence_ms)
        self._audio_input.endpointer.ends_after_ms = self._wait.ms
