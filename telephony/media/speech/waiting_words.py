"""Short words for a caller who waits, from audio kept ready, once his turn's budget is spent."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from telephony.media.audio import clips
from telephony.media.audio.audio_output import AudioOutput
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.session.call_resources import CallResources
from telephony.media.speech.agent_speech import AgentSpeech
from telephony.media.speech.meanwhile_phrases import LAST_RESORT, chosen, worth_making
from telephony.media.speech.turn_budget import (
    GiveUp,
    LookAgain,
    SaySomething,
    Wait,
    Waiting,
    decide,
)
from verticals.spoken.speech import spoken_form
from warmline.kernel.call import SaidMeanwhile

log = structlog.get_logger()

HELD_S: Final = 0.2
_HEARING: Final = Wait("hearing")


class WaitingWords:
    """Follows what a caller waits for in `wait`, and speaks to him meanwhile. One for a call."""

    def __init__(self, resources: CallResources, audio_output: AudioOutput) -> None:
        self._resources = resources
        self._audio_output = audio_output
        self._said_for: Wait | None = None
        self._last = ""
        self._prepared = False
        self.wait = _HEARING
        # What is held for a caller whose words do not come is given up: he has the turn.
        self.interrupted: Callable[[], None] = lambda: None
        self.speech: AgentSpeech | None = None  # what is made or said now, once there is something
        self.early = 0  # sentences of the coming turn, said before its reply was there
        self.first_ms: float | None = None  # when the first of those went out

    def begin(self) -> None:
        """Something else is made ready from now on."""
        self.wait, self.speech, self._said_for = _HEARING, None, None

    def new_turn(self) -> None:
        """The coming turn has its reply: what was said before it is counted there."""
        self.early, self.first_ms = 0, None

    async def attend(self, gate: asyncio.Event, *, since_ms: Callable[[], float]) -> Wait:
        """Speak whenever the caller has heard nothing for too long, from when the gate opens.

        Returns what he waited for when there is no use in waiting.
        """
        await gate.wait()
        asked_ms = since_ms()
        while True:
            now_ms = self._resources.clock_ms()
            if self._audio_output.is_held:  # he spoke over us, and it is not known yet what
                if isinstance(decide(Waiting(asked_ms), now_ms=now_ms), LookAgain):
                    await asyncio.sleep(HELD_S)
                    continue
                self.interrupted()
                await self.say(since_ms=asked_ms)
            match decide(self._waiting(asked_ms), now_ms=now_ms):
                case LookAgain(at_ms):
                    await asyncio.sleep((at_ms - now_ms) / 1000)
                case SaySomething():
                    await self.say(since_ms=asked_ms)
                case GiveUp():
                    return self.wait

    async def say(self, *, since_ms: float) -> None:
        """Say what fits now, and tell it: words of the agent's voice, or a clip of our own."""
        text, audio = self._ready_words()
        turn, index = self._place()
        self._last, self._said_for = text, self.wait
        waited_ms = round(self._resources.clock_ms() - since_ms, 1)
        self._resources.journal.add(
            SaidMeanwhile(turn, index, self.wait.stage, self.wait.tool, text, waited_ms)
        )
        await self._audio_output.interject(text, audio, turn=turn, index=index)

    async def prepare(self) -> None:
        """Have the words made that this call may need at once, where none of this voice are kept.

        Once a call; what cannot be made is left, since the clips remain.
        """
        if self._prepared:
            return
        self._prepared = True
        agent = self._resources.plan.agent
        phrases = worth_making(
            agent.tools, language=agent.language, knowledge=bool(agent.knowledge)
        )
        try:
            for phrase in phrases:
                await self._resources.tts.make_ready(spoken_form(phrase, agent.language))
        except EveryRungFailed as error:
            log.warning("waiting words not made", call=self._resources.plan.call_id, why=str(error))

    def _waiting(self, asked_ms: float) -> Waiting:
        """The words of the agent's own since the caller's last one begin the wait anew."""
        since_ms = max(asked_ms, self._audio_output.answer_ends_ms)
        quiet_since_ms = self._audio_output.ends_ms
        return Waiting(since_ms, quiet_since_ms if quiet_since_ms > asked_ms else None)

    def _ready_words(self) -> tuple[str, bytes]:
        agent = self._resources.plan.agent
        again = self._said_for is not None and self._said_for == self.wait
        phrase = chosen(
            self.wait,
            tools=agent.tools,
            language=agent.language,
            last=self._last,
            again=again,
            is_ready=lambda phrase: self._audio(phrase) is not None,
        )
        if phrase is not None and (audio := self._audio(phrase)) is not None:
            return phrase, audio
        clip = next(words for words in LAST_RESORT if words != self._last)
        return clip, clips.audio(clip)

    def _audio(self, phrase: str) -> bytes | None:
        spoken = spoken_form(phrase, self._resources.plan.agent.language)
        return self._resources.tts.ready(spoken)

    def _place(self) -> tuple[int, int]:
        """Which sentence of which turn it is."""
        speech = self.speech
        if speech is not None:
            index, speech.sentences = speech.sentences, speech.sentences + 1
            return speech.turn, index
        index, self.early = self.early, self.early + 1
        if self.first_ms is None:
            self.first_ms = self._resources.clock_ms()
        return self._resources.turn + 1, index
