"""Barge-in: speech over the agent holds it until its words say whether it was meant to stop it."""

from typing import Final, Literal

from telephony.media.audio.playout import HeardSentence
from telephony.media.metrics import BARGE_INS
from telephony.media.replicas.stt import Transcript
from telephony.media.session.agent_speaker import AgentSpeaker
from telephony.media.session.call_resources import CallResources
from telephony.media.session.conversation import LiveConversation
from telephony.media.speech import backchannel
from telephony.media.speech.agent_speech import AgentSpeech
from telephony.media.speech.fixed_utterance import FixedUtterance
from warmline.kernel.call import BargeIn

# What recognisers make of a hum or a cough: "and then", "you". More words are asked about.
NOISE_WORDS: Final = 2
Held = Literal["nothing", "unspoken", "spoken"]


class BargeIns:
    """Holds what the agent says or is about to say, and then cuts it or takes it up."""

    def __init__(
        self, resources: CallResources, speaker: AgentSpeaker, conversation: LiveConversation
    ) -> None:
        self._journal = resources.journal
        self._language = resources.plan.agent.language
        self._speaker = speaker
        self._conversation = conversation
        self._speech: AgentSpeech | None = None
        self._last_said: list[HeardSentence] = []  # what the caller heard of it up to the hold
        self.held: Held = "nothing"
        self.left_unsaid: tuple[str, ...] = ()  # of the greeting, such as that the call is recorded

    def hold(self) -> None:
        """Speech over the agent: be silent until it is known what is said.

        Waiting for the words before the agent stops would let it talk on for half a second over a
        caller who means to interrupt it.
        """
        self._speech = self._conversation.current
        heard = self._speaker.hold()
        self.held = "spoken" if heard else "unspoken"
        begun = [sentence for sentence in (self._conversation.last_heard, *heard) if sentence]
        self._last_said = [sentence for sentence in begun if sentence.text]

    def means_nothing(self, said: Transcript) -> bool:
        """These words over the agent let it go on: a listener's, a noise's or its own come back."""
        if self.held == "nothing":
            return False
        words = said.text
        if said.doubtful and len(words.split()) <= NOISE_WORDS:
            return True
        if self.held == "spoken" and backchannel.repeats(words, self._last_said):
            return True
        asked = self.held == "spoken" and backchannel.question_heard(self._last_said)
        greeted = self._speech is not None and self._speech.turn == 0
        return backchannel.lets_go_on(words, language=self._language, asked=asked, greeted=greeted)

    def take_up(self) -> Held:
        """It meant nothing: go on with what is held; what that was."""
        held, self.held = self.held, "nothing"
        if held != "nothing":
            self._speaker.take_up()
        return held

    def interrupt(self) -> None:
        """The caller has said something: what is held is cut to what was heard of it."""
        held, self.held = self.held, "nothing"
        if held == "nothing":
            return
        self._speaker.cut()
        self._conversation.uncommitted = self._speech
        if isinstance(self._speech, FixedUtterance) and self._speech.turn == 0:
            self.left_unsaid = self._speech.left_unsaid
        if held == "spoken" and self._speech is not None:
            BARGE_INS.inc()
            self._journal.add(BargeIn(self._speech.turn))
