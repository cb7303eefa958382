"""Turn-taking: performs the turn machine's effects.

A pause of the caller lets a reply be made ahead behind a gate; the end of the turn, which the turn
detector decides on, opens it.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from telephony.media.audio.audio_input import AudioInput
from telephony.media.audio.audio_output import AudioOutput
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.replicas.stt import Transcript
from telephony.media.session.agent_speaker import AgentSpeaker, Spawn
from telephony.media.session.barge_in import BargeIns
from telephony.media.session.call_resources import CallResources
from telephony.media.session.conversation import LiveConversation
from telephony.media.session.turn_machine import Effect, TurnEvent, TurnMachine, TurnState
from telephony.media.session.watchdog import Watchdog
from telephony.media.speech import phrases
from telephony.media.speech.agent_speech import AgentSpeech
from telephony.media.turn_end.turn_detector import TurnDetector
from warmline.kernel.call import EndReason

# A caller's speech in these cuts the agent's: more of it is needed.
_AGENT_SPEAKS: Final[frozenset[TurnState]] = frozenset({"speaking", "closing"})
_MAY_SAY_LAST_WORDS: Final[frozenset[TurnState]] = frozenset({"listening", "speaking", "thinking"})


class TurnTaking:
    """Whose turn it is in a call; `over` is done with the reason when the call ends."""

    def __init__(
        self,
        resources: CallResources,
        audio_input: AudioInput,
        audio_output: AudioOutput,
        conversation: LiveConversation,
        *,
        watchdog: Watchdog,
        spawn: Spawn,
    ) -> None:
        self.over: asyncio.Future[EndReason] = asyncio.get_running_loop().create_future()
        self.speaker = AgentSpeaker(resources, audio_output, conversation, turns=self, spawn=spawn)
        self._barge_ins = BargeIns(resources, self.speaker, conversation)
        self.speaker.waiting.interrupted = self._barge_ins.interrupt
        self._resources = resources
        self._audio_input = audio_input
        self._conversation = conversation
        self._watchdog = watchdog
        self._detector = TurnDetector(
            audio_input,
            conversation,
            silence_ms=resources.plan.agent.limits.silence_ms,
            language=resources.plan.agent.language,
            smart_turn=resources.shared.smart_turn,
            spawn=spawn,
        )
        self._machine = TurnMachine()
        self._gate = asyncio.Event()  # of the turn that is settling
        self._ahead: AgentSpeech | None = None  # made ahead, not announced
        self._asked_again = False  # the caller was not understood, and knows it
        self._began_ms = self._over_ms = 0.0  # the caller's turn
        self._end_reason: EndReason = "stream_lost"
        self._effects = self._performers()

    def _performers(self) -> dict[Effect, Callable[[], None]]:
        return {
            "greet": self.speaker.greet,
            "open_turn": self._open_turn,
            "settle": self._settle,
            "forget_ahead": self._forget_ahead,
            "commit_turn": self._commit_turn,
            "drop_turn": self._drop_turn,
            "hold": self._barge_ins.hold,
            "hold_back": self._hold_back,
            "take_up": self._take_up,
            "end": self._end,
        }

    @property
    def listening(self) -> bool:
        """Whether it is the caller's turn, and nothing was said in it yet."""
        return self._machine.state == "listening"

    def apply(self, event: TurnEvent) -> None:
        """Give the turn machine an event, and perform its effects."""
        for effect in self._machine.apply(event):
            self._effects[effect]()
        self._audio_input.endpointer.over_agent = self._machine.state in _AGENT_SPEAKS

    def agent_leaves(self, reason: EndReason) -> None:
        """What is being said is the last of this call."""
        self._end_reason = reason
        self.apply("agent_leaves")

    def agent_done(self) -> None:
        """Everything said has been played, and nothing more comes."""
        self._watchdog.active()
        said = self._conversation.current
        if said is not None and said.said_goodbye:
            self._watchdog.agent_said_goodbye()
        self.apply("agent_done")

    def hang_up(self, reason: EndReason) -> None:
        """The call is over."""
        self._end_reason = reason
        self.apply("hang_up")

    def last_words(self, phrase: str, *, end_reason: EndReason) -> None:
        """Say a fixed phrase instead of anything else, then end the call.

        Nothing while it ends already, or while the caller speaks.
        """
        if self._machine.state in _MAY_SAY_LAST_WORDS:
            self.speaker.break_off()
            self.speaker.speak(self.speaker.phrase(phrase, end_reason=end_reason))
            self.apply("agent_leaves")

    async def hear_out(self) -> None:
        """A turn has gone on for long: without words it is none, and what goes on is noise."""
        gate, audio_input = self._gate, self._audio_input
        if self._machine.state != "caller" or audio_input.keys.pending:
            return
        audio_input.stt.commit()
        try:
            heard = await audio_input.stt.transcript()
        except EveryRungFailed:
            return  # the turn's end tells the caller
        if gate is not self._gate or self._machine.state != "caller":
            return
        if heard.text and not heard.doubtful:
            self._barge_ins.interrupt()
        else:
            audio_input.endpointer.drop_noise()
            self.apply("heard_nothing")

    # ---- the turn machine's effects --------------------------------------------------------------

    def _open_turn(self) -> None:
        self._began_ms = self._audio_input.began_ms
        self._gate = asyncio.Event()
        self._watchdog.turn_began()

    def _drop_turn(self) -> None:
        self._watchdog.turn_dropped()
        self._audio_input.drop_turn()

    def _settle(self) -> None:
        self._detector.paused()
        self.speaker.run(
            self._answer_turn(self._gate),
            gate=self._gate,
            since_ms=lambda: self._audio_input.last_voice_ms,
        )

    def _forget_ahead(self) -> None:
        self._detector.goes_on()
        self.speaker.stop()
        self._ahead = None

    def _commit_turn(self) -> None:
        self._gate.set()
        self._over_ms = self._resources.clock_ms()
        self._detector.over()
        self._watchdog.active()
        if self._ahead is not None:
            self._announce(self._ahead)

    def _hold_back(self) -> None:
        """The caller goes on before anything of the reply was audible."""
        current = self._conversation.current
        if current is not None and current.gate is self._gate:
            self._barge_ins.hold()
        else:  # the turn's words are not there yet: those that come are heard with them
            self._forget_ahead()
            self.speaker.cut()  # of the short words meanwhile

    def _take_up(self) -> None:
        """What was said over the agent meant nothing."""
        held, current = self._barge_ins.take_up(), self._conversation.current
        if held == "nothing" or current is None:
            return
        self._gate = current.gate
        self.apply("agent_thinks")
        if held == "spoken":
            self.apply("agent_speaks")

    def _end(self) -> None:
        if not self.over.done():
            self.over.set_result(self._end_reason)

    # ---- the caller's turn -----------------------------------------------------------------------

    async def _answer_turn(self, gate: asyncio.Event) -> None:
        """The caller paused: get the text, and make a reply that leaves once the turn is over."""
        stt = self._audio_input.stt
        try:
            heard = await stt.transcript()
        except EveryRungFailed:
            await gate.wait()
            stt.new_turn()
            self._barge_ins.interrupt()
            await self.speaker.apologise()
            return
        if self._barge_ins.means_nothing(heard):
            self.apply("heard_nothing")
            return
        self._detector.heard(heard.text, confidence=heard.confidence)
        if not heard.text or heard.doubtful:
            await gate.wait()
            self._heard_no_words(heard)
            return
        self._barge_ins.interrupt()
        words = self._resources.cards.hear(heard.text)
        reply = self.speaker.reply(words, turn=self._resources.turn + 1)
        reply.first_of_all = self._barge_ins.left_unsaid
        reply.gate = gate
        reply.waterfall.zero_ms = self._audio_input.last_voice_ms
        reply.waterfall.reached("final_text")
        self._ahead = reply
        if gate.is_set():
            self._announce(reply)
        await self.speaker.say(reply)

    def _heard_no_words(self, heard: Transcript) -> None:
        """Nothing, or what may be no words: these are asked about, once until some are sure."""
        stopped = self._barge_ins.held != "nothing"
        if heard.text:
            self._barge_ins.interrupt()
        self.apply("heard_nothing")
        if heard.text and (stopped or not self._asked_again):
            self._asked_again = True
            self.speaker.speak(self.speaker.phrase(phrases.SAY_AGAIN))

    def _announce(self, reply: AgentSpeech) -> None:
        """The turn is over: what the caller said is committed, and the reply may be heard."""
        self._ahead = None
        self._asked_again, self._barge_ins.left_unsaid = False, ()
        self._watchdog.caller_said()
        self._audio_input.take_turn()
        ended_ms = self._audio_input.last_voice_ms
        reply.waterfall.zero_ms = ended_ms
        reply.waterfall.reached_at("end_of_turn", self._over_ms)
        self._conversation.caller_said(reply, began_ms=self._began_ms, ended_ms=ended_ms)
