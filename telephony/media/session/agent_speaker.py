"""The agent speaks: one speech after the other, stopped, cut and spoken to its end."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import structlog

from telephony.media.audio import clips
from telephony.media.audio.audio_output import AudioOutput
from telephony.media.audio.playout import HeardSentence
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.session.call_resources import CallResources
from telephony.media.session.conversation import LiveConversation
from telephony.media.speech import phrases
from telephony.media.speech.agent_speech import AgentSpeech
from telephony.media.speech.fixed_utterance import FixedUtterance
from telephony.media.speech.model_reply import ModelReply
from telephony.media.speech.turn_budget import Wait
from telephony.media.speech.waiting_words import WaitingWords
from warmline.kernel.call import EndReason

log = structlog.get_logger()

Spawn = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]


class TurnSignals(Protocol):
    """What the speaker tells the turn-taking."""

    def agent_leaves(self, reason: EndReason) -> None:
        """What is being said is the last of this call."""

    def agent_done(self) -> None:
        """Everything said has been played, and nothing more comes."""


class AgentSpeaker:
    """Speaks for the agent, one thing at a time."""

    def __init__(
        self,
        resources: CallResources,
        audio_output: AudioOutput,
        conversation: LiveConversation,
        *,
        turns: TurnSignals,
        spawn: Spawn,
    ) -> None:
        self._resources = resources
        self._audio_output = audio_output
        self._conversation = conversation
        self._turns = turns
        self._spawn = spawn
        self._task: asyncio.Task[None] | None = None  # says something, or prepares it
        self._attending: asyncio.Task[None] | None = None  # speaks meanwhile
        self.waiting = WaitingWords(resources, audio_output)
        self._held_task: asyncio.Task[None] | None = None

    def utterance(self, text: str, *, end_reason: EndReason | None = None) -> FixedUtterance:
        """Words of our own, after those that were said in this turn already."""
        turn, current = self._resources.turn, self._conversation.current
        first = current.sentences if current is not None and current.turn == turn else 0
        return FixedUtterance(
            self._resources,
            self._audio_output,
            turn=turn,
            text=text,
            first_index=first,
            end_reason=end_reason,
        )

    def phrase(self, *said: str, end_reason: EndReason | None = None) -> FixedUtterance:
        """Fixed phrases one after the other, in the agent's language."""
        language = self._resources.plan.agent.language
        text = " ".join(phrases.in_language(phrase, language) for phrase in said)
        return self.utterance(text, end_reason=end_reason)

    def reply(self, text: str, *, turn: int) -> ModelReply:
        """A reply to what the caller said; short words may have come before it."""
        waiting = self.waiting
        reply = ModelReply(
            self._resources, self._audio_output, turn=turn, text=text, waiting=waiting
        )
        reply.sentences = waiting.early
        if waiting.first_ms is not None:
            reply.waterfall.reached_at("first_audio", waiting.first_ms)
        return reply

    def greet(self) -> None:
        """Say the greeting; a process that takes the call up says so instead, and goes on."""
        resources = self._resources
        if resources.epoch == 1:
            greeting = resources.plan.agent.greeting
            self.speak(
                FixedUtterance(resources, self._audio_output, turn=0, text=greeting, keep=True)
            )
            return
        last = resources.context.messages[-1] if resources.context.messages else None
        if last is not None and last.role != "assistant":
            owed = self.reply("", turn=resources.turn)
            self.speak(self.phrase(phrases.LOST_YOU), then=owed)
        else:
            self.speak(self.phrase(phrases.LOST_YOU, phrases.GO_ON))

    def speak(self, speech: AgentSpeech, *, then: AgentSpeech | None = None) -> None:
        """Say it now, when nothing else is about to be said."""
        speech.gate.set()
        self._conversation.current = speech
        now_ms = self._resources.clock_ms()
        work = self._say(speech, self._conversation.uncommitted, then)
        self.run(work, gate=speech.gate, since_ms=lambda: now_ms)

    def run(
        self,
        work: Coroutine[Any, Any, None],
        *,
        gate: asyncio.Event,
        since_ms: Callable[[], float],
    ) -> None:
        """Do what leads to the next words; `stop` ends it.

        From when the gate opens nobody waits for them in silence: `since_ms` is when he spoke last.
        """
        self.waiting.begin()
        self._task = self._spawn(work)
        self._attend_to(self._task, gate=gate, since_ms=since_ms)

    def _attend_to(
        self, task: "asyncio.Task[None]", *, gate: asyncio.Event, since_ms: Callable[[], float]
    ) -> None:
        attending = self._attending = self._spawn(self._attend(task, gate, since_ms))
        task.add_done_callback(lambda _: attending.cancel())

    async def _attend(
        self, task: "asyncio.Task[None]", gate: asyncio.Event, since_ms: Callable[[], float]
    ) -> None:
        """Speak to a caller who waits for a task's words; in the end say that none are coming."""
        wait = await self.waiting.attend(gate, since_ms=since_ms)
        log.error("a stage never ended", call=self._resources.plan.call_id, stage=wait.stage)
        if self._task is task:
            task.cancel()
            self._task = self._spawn(self.apologise())

    def stop(self) -> None:
        """Say and prepare nothing more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def hold(self) -> list[HeardSentence]:
        """Silence at once, until `take_up` or `cut`; what was heard so far of what is being said.

        What leads to the next words goes on behind it.
        """
        self._held_task, self._task = self._task, None
        if self._attending is not None:
            self._attending.cancel()
        return self._audio_output.hold()

    def take_up(self) -> None:
        """Say on what is held, and nothing that was prepared meanwhile."""
        self.stop()
        self._task, self._held_task = self._held_task, None
        self._audio_output.resume()
        speech = self._conversation.current
        if self._task is not None and speech is not None:
            now_ms = self._resources.clock_ms()
            self.waiting.begin()
            self.waiting.speech, self.waiting.wait = speech, Wait("model")
            self._attend_to(self._task, gate=speech.gate, since_ms=lambda: now_ms)

    def cut(self) -> None:
        """Silence at once, what is held included; what was heard until now is told."""
        if self._held_task is not None:
            self._held_task.cancel()
            self._held_task = None
        for sentence in self._audio_output.cut():
            self._conversation.sentence_heard(sentence)

    def break_off(self) -> None:
        """Stop, and cut what is still playing."""
        self.stop()
        self.cut()

    async def say(self, speech: AgentSpeech) -> None:
        """Make a speech and say it to its end; what was cut before is committed first."""
        await self._say(speech, self._conversation.uncommitted, None)

    async def _say(
        self, speech: AgentSpeech, before: AgentSpeech | None, then: AgentSpeech | None
    ) -> None:
        self.waiting.speech, self.waiting.wait = speech, Wait("speech")
        if before is not None:
            await before.settled()
            self._conversation.commit(before)
        try:
            await speech.run()
            await speech.gate.wait()
        except EveryRungFailed as error:
            log.error("nobody answers", call=self._resources.plan.call_id, why=str(error))
            await speech.gate.wait()
            await self.apologise()
            return
        await self._audio_output.flows()
        end_reason = "transferred" if self._resources.transferring else speech.end_reason
        if end_reason is not None:
            self._turns.agent_leaves(end_reason)
        if self._attending is not None and then is None:
            self._attending.cancel()  # all is said: who is quiet now has nothing to wait for
        await self._audio_output.played()
        self._conversation.all_heard(speech)
        self._spawn(self.waiting.prepare())
        if then is None:
            self._turns.agent_done()
            return
        then.gate.set()
        self._conversation.current = then
        await self._say(then, None, None)

    async def apologise(self) -> None:
        """No replica answers: say so from audio of our own, and let the carrier dial a person."""
        plan = self._resources.plan
        human = self._resources.transferring or (
            plan.human_number is not None and plan.agent.on_failure == "person"
        )
        text = phrases.TROUBLE_TRANSFER if human else phrases.TROUBLE_GOODBYE
        speech = self.utterance(text)
        if self._conversation.current is not None:
            self._conversation.commit(self._conversation.current)
        self._conversation.current = speech
        index = speech.sentences - 1
        await self._audio_output.play(text, clips.audio(text), turn=speech.turn, index=index)
        self._turns.agent_leaves("transferred" if human else "media_failed")
        await self._audio_output.played()
        self._turns.agent_done()
