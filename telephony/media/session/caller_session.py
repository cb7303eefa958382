"""One call with a caller: performs the turn machine's effects. One TaskGroup; hanging up ends all
of it.

The carrier's messages come in by plain calls (`media`, `mark`, `dtmf`, `hang_up`), which never
wait.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

import structlog

from telephony.media.audio import clips
from telephony.media.audio.audio_input import AudioInput
from telephony.media.audio.audio_output import AudioOutput
from telephony.media.audio.carrier_stream import CarrierStream
from telephony.media.audio.playout import Heard, Spoken
from telephony.media.audio.vad import Sensitivity
from telephony.media.audio.wire import Media
from telephony.media.metrics import BARGE_INS
from telephony.media.replicas.ladder import EveryRungFailed
from telephony.media.replicas.stt import SttStream
from telephony.media.session import phrases
from telephony.media.session.call_resources import CallResources
from telephony.media.session.context import encode_conversation
from telephony.media.session.reply import Reply, Utterance, conversation_now, turn_messages
from telephony.media.session.turns import Effect, Event, Turns
from warmline.kernel.call import (
    AgentSentence,
    BargeIn,
    CallAnswered,
    CallerTurn,
    Dtmf,
    EndReason,
    Retrieved,
    SentenceHeard,
)

log = structlog.get_logger()

WATCH_S: Final = 0.5
NO_AUDIO_S: Final = 20.0  # carriers send silence too: a stream without frames is dead
MAX_DIGITS: Final = 200


class CallerSession:
    """The agent talks with a caller."""

    def __init__(
        self, parts: CallResources, line: CarrierStream, *, stream_id: str, tracks: tuple[str, ...]
    ) -> None:
        self.parts = parts
        self._line = line
        self._stream_id = stream_id
        self._track = tracks[0] if tracks else "inbound"
        self._turns = Turns()
        self._clock_ms = parts.clock_ms
        self._over: asyncio.Future[EndReason] = asyncio.get_running_loop().create_future()
        self._group: asyncio.TaskGroup
        self._tasks: set[asyncio.Task[None]] = set()
        limits = parts.plan.agent.limits
        sensitivity = Sensitivity(
            silence_ms=limits.silence_ms, pause_ms=min(200, limits.silence_ms)
        )
        self._ear = AudioInput(
            SttStream(parts.plan, parts.ladder), sensitivity, clock_ms=parts.clock_ms
        )
        self._mouth = AudioOutput(
            line,
            parts.speaker,
            parts.recording,
            clock_ms=parts.clock_ms,
            on_sent=self._sent,
            on_heard=self._heard,
        )
        self._voice: asyncio.Task[None] | None = None  # makes the answer, or thinks ahead
        self._current: Reply | Utterance | None = None  # what is being said, or was said last
        self._uncommitted: Reply | Utterance | None = None  # said or cut, not in the context yet
        self._interrupted: Reply | Utterance | None = None  # to be taken up if it was only a noise
        self._gate = asyncio.Event()  # of the turn that is settling
        self._ahead: Reply | None = None  # made ahead, not announced
        self._began_ms = 0.0
        self._active_ms = 0.0  # when anybody last spoke
        self._audio_ms = 0.0
        self._asked_if_there = False
        self._digits = 0
        self._effects: dict[Effect, Callable[[], None]] = {
            "greet": self._greet,
            "open_turn": self._open_turn,
            "settle": self._settle,
            "forget_ahead": self._forget_ahead,
            "commit_turn": self._commit_turn,
            "drop_turn": self._ear.hearing.new_turn,
            "interrupt": self._interrupt,
            "abandon": self._abandon,
            "take_up": self._take_up,
            "end": self._end,
        }
        self._because: EndReason = "stream_lost"

    # ---- the carrier's side ----------------------------------------------------------------------

    def media(self, message: Media) -> None:
        """20 ms, or whatever the carrier sends, of the caller's voice."""
        if message.track != self._track:
            return
        self._audio_ms = self._clock_ms()
        self.parts.recording.caller(message.payload, at_ms=self._audio_ms)
        for change in self._ear.feed(message.payload):
            if change == "started":
                self._apply("caller_starts")
            elif change == "paused":
                self._apply("caller_pauses")
            else:
                self._apply("caller_ends")

    def mark(self, name: str) -> None:
        """Playback reached a mark."""
        self._mouth.reached(name)

    def dtmf(self, digit: str) -> None:
        """A key was pressed."""
        self._digits += 1
        if self._digits <= MAX_DIGITS:
            self._active_ms = self._clock_ms()
            self.parts.journal.add(Dtmf(digit))

    def hang_up(self, reason: EndReason) -> None:
        """The call is over."""
        self._because = reason
        self._apply("hang_up")

    # ---- its life --------------------------------------------------------------------------------

    async def run(self) -> EndReason:
        """From the first frame to the end; why it ended."""
        plan = self.parts.plan
        worker = self.parts.shared.worker
        self.parts.journal.add(
            CallAnswered(self._stream_id, worker, plan.audience, resumed=self.parts.epoch > 1)
        )
        self._active_ms = self._audio_ms = self._clock_ms()
        async with asyncio.TaskGroup() as self._group:
            self.spawn(self._ear.hearing.run())
            self.spawn(self._watch())
            self._apply("opened")
            reason = await self._over
            for task in tuple(self._tasks):
                task.cancel()
        await self._finish()
        return reason

    def spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """A task that ends with the call."""
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _finish(self) -> None:
        """What the caller heard to the last moment is in the transcript."""
        for heard in self._mouth.cut():
            self._heard(heard)
        last = self._uncommitted or self._current
        if last is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(WATCH_S):
                    await last.settled()
        self._keep()

    async def _watch(self) -> None:
        limits = self.parts.plan.agent.limits
        began_ms = self._clock_ms()
        while True:
            await asyncio.sleep(WATCH_S)
            self._mouth.tick()
            now_ms = self._clock_ms()
            if now_ms - self._audio_ms > NO_AUDIO_S * 1000:
                self.hang_up("stream_lost")
            elif (
                now_ms - began_ms > limits.max_seconds * 1000 or self.parts.turn > limits.max_turns
            ):
                self._last_words(phrases.TIME_IS_UP, "too_long")
            elif (
                now_ms - self._active_ms > limits.idle_seconds * 1000
                and self._turns.state == "listening"
            ):
                self._nobody_speaks()

    def _nobody_speaks(self) -> None:
        self._active_ms = self._clock_ms()
        if self._asked_if_there:
            self._last_words(phrases.NOBODY_THERE, "agent_said_goodbye")
            return
        self._asked_if_there = True
        self._speak(self._utterance(phrases.STILL_THERE))

    def _last_words(self, text: str, leaves: EndReason) -> None:
        if self._turns.state in {"closing", "ended"}:
            return
        if self._turns.state not in {"listening", "speaking", "thinking"}:
            return
        self._stop_voice()
        if not self._mouth.silent:
            self._cut()
        self._speak(self._utterance(text, leaves=leaves))
        self._apply("agent_leaves")

    # ---- the turn machine's effects --------------------------------------------------------------

    def _apply(self, event: Event) -> None:
        for effect in self._turns.apply(event):
            self._effects[effect]()
        self._ear.interrupting(interrupting=self._turns.state in {"speaking", "closing"})

    def _greet(self) -> None:
        parts = self.parts
        if parts.epoch == 1:
            self._speak(
                Utterance(parts, self._mouth, turn=0, text=parts.plan.agent.greeting, keep=True)
            )
            return
        last = parts.context.messages[-1] if parts.context.messages else None
        if last is not None and last.role != "assistant":
            self._speak(
                self._utterance(phrases.LOST_YOU),
                then=Reply(parts, self._mouth, turn=parts.turn, text=""),
            )
        else:
            self._speak(self._utterance(f"{phrases.LOST_YOU} {phrases.GO_ON}"))

    def _open_turn(self) -> None:
        self._began_ms = self._ear.began_ms
        self._gate = asyncio.Event()
        self._active_ms = self._clock_ms()
        self._asked_if_there = False

    def _settle(self) -> None:
        self._voice = self.spawn(self._take_turn(self._gate))

    def _forget_ahead(self) -> None:
        self._stop_voice()
        self._ahead = None

    def _commit_turn(self) -> None:
        self._gate.set()
        self._active_ms = self._clock_ms()
        if self._ahead is not None:
            self._announce(self._ahead)

    def _interrupt(self) -> None:
        self._stop_voice()
        self._cut()
        BARGE_INS.inc()
        if self._current is not None:
            self.parts.journal.add(BargeIn(self._current.turn))
            self._uncommitted = self._interrupted = self._current

    def _abandon(self) -> None:
        """The caller goes on before anything of the answer was audible."""
        self._stop_voice()
        self._ahead = None
        if self._current is not None and self._current.gate is self._gate:
            self._uncommitted = self._current

    def _take_up(self) -> None:
        """It was a noise: go on with what it cut."""
        cut, self._interrupted = self._interrupted, None
        if isinstance(cut, Utterance) and cut.unheard:
            self._speak(self._utterance(cut.unheard, after=cut))
        elif isinstance(cut, Reply):
            again = Reply(self.parts, self._mouth, turn=cut.turn, text=cut.text, takes_up=cut)
            self._uncommitted = None
            self._speak(again)

    def _end(self) -> None:
        if not self._over.done():
            self._over.set_result(self._because)

    # ---- speaking --------------------------------------------------------------------------------

    def _utterance(
        self, text: str, *, leaves: EndReason | None = None, after: Utterance | None = None
    ) -> Utterance:
        last = self._current
        turn = after.turn if after else self.parts.turn
        first = last.sentences if last is not None and last.turn == turn else 0
        return Utterance(
            self.parts, self._mouth, turn=turn, text=text, first_index=first, leaves=leaves
        )

    def _speak(self, said: Reply | Utterance, *, then: Reply | None = None) -> None:
        """Say it now, nobody else being about to."""
        said.gate.set()
        self._current = said
        self._voice = self.spawn(self._say(said, self._uncommitted, then))

    async def _take_turn(self, gate: asyncio.Event) -> None:
        """The caller paused: text, and an answer made ahead,
        which leaves once the turn is surely over.
        """
        hearing = self._ear.hearing
        try:
            text = await hearing.text()
        except EveryRungFailed:
            await gate.wait()
            hearing.new_turn()
            await self._trouble()
            return
        if not text:
            await gate.wait()
            self._apply("heard_nothing")
            return
        reply = Reply(self.parts, self._mouth, turn=self.parts.turn + 1, text=text)
        reply.gate = gate
        reply.waterfall.zero_ms = self._ear.last_voice_ms
        reply.waterfall.reached("final_text")
        self._ahead = reply
        if gate.is_set():
            self._announce(reply)
        await self._say(reply, self._uncommitted, None)

    def _announce(self, reply: Reply) -> None:
        """The turn is over: what the caller said is committed, and the answer may be heard."""
        self._ahead = None
        self.parts.turn = reply.turn
        self._ear.hearing.new_turn()
        reply.waterfall.zero_ms = self._ear.last_voice_ms
        reply.waterfall.reached("end_of_turn")
        self._current, self._interrupted = reply, None
        self.parts.journal.add(
            CallerTurn(reply.turn, reply.text, self._began_ms, self._ear.last_voice_ms)
        )
        self._keep()

    async def _say(
        self, said: Reply | Utterance, before: Reply | Utterance | None, then: Reply | None
    ) -> None:
        """Make an answer and say it to its end."""
        if before is not None:
            await before.settled()
            self._commit(before)
        try:
            await said.run()
            await said.gate.wait()
        except EveryRungFailed as nobody:
            log.error("nobody answers", call=self.parts.plan.call_id, why=str(nobody))
            await said.gate.wait()
            await self._trouble()
            return
        if said.leaves is not None:
            self._because = said.leaves
            self._apply("agent_leaves")
        await self._mouth.played()
        self._said(said)
        if then is None:
            self._apply("agent_done")
        else:
            then.gate.set()
            self._current = then
            await self._say(then, None, None)

    async def _trouble(self) -> None:
        """Nobody answers: say so from audio of our own, and let the carrier dial a person."""
        human = self.parts.plan.human_number is not None
        text = phrases.TROUBLE_TRANSFER if human else phrases.TROUBLE_GOODBYE
        said = self._utterance(text)
        if self._current is not None:
            self._commit(self._current)
        self._current = said
        await self._mouth.play(text, clips.audio(text), turn=said.turn, index=said.sentences - 1)
        self._because = "transferred" if human else "media_failed"
        self._apply("agent_leaves")
        await self._mouth.played()
        self._apply("agent_done")

    def _said(self, said: Reply | Utterance) -> None:
        """All of it was heard."""
        self._active_ms = self._clock_ms()
        self._time(said)
        self._commit(said)

    def _stop_voice(self) -> None:
        if self._voice is not None:
            self._voice.cancel()
            self._voice = None

    def _cut(self) -> None:
        for heard in self._mouth.cut():
            self._heard(heard)

    # ---- what the mouth reports ------------------------------------------------------------------

    def _sent(self, spoken: Spoken) -> None:
        self.parts.journal.add(AgentSentence(spoken.turn, spoken.index, spoken.text))
        current = self._current
        if current is not None:
            current.waterfall.reached("first_audio")
            self._time(current)
        self._apply("agent_speaks")

    def _heard(self, heard: Heard) -> None:
        self.parts.journal.add(
            SentenceHeard(heard.turn, heard.index, heard.text, cut=not heard.whole)
        )
        if self._current is not None and self._current.turn == heard.turn:
            self._current.was_heard(heard)
            self._keep()

    def _time(self, said: Reply | Utterance) -> None:
        if said.waterfall.zero_ms is None or said.timed:
            return
        said.timed = True
        if isinstance(said, Reply) and said.passages:
            self.parts.journal.add(Retrieved(said.turn, said.text, said.passages))
        said.waterfall.measure()
        self.parts.journal.add(
            said.waterfall.timed(turn=said.turn, answer=said.answer, region=self.parts.plan.region)
        )

    # ---- the context -----------------------------------------------------------------------------

    def _commit(self, said: Reply | Utterance) -> None:
        """What was said, as far as it was heard, becomes the conversation."""
        if self._uncommitted is said:
            self._uncommitted = None
        if said.committed:
            return
        said.committed = True
        self.parts.context.add(turn_messages(said))
        self.parts.context.agent_said(said.words_heard)
        self._keep()

    def _keep(self) -> None:
        """Store the conversation, with the words of the moment,
        for a process that may have to take the call up.
        """
        last = self._uncommitted if self._uncommitted is not self._current else None
        self.parts.journal.keep(
            encode_conversation(conversation_now(self.parts, (last, self._current)))
        )
