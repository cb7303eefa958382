"""Barge-in: speech over the agent's cuts it, and a noise that cut it lets it go on."""

from telephony.media.metrics import BARGE_INS
from telephony.media.session.agent_speaker import AgentSpeaker
from telephony.media.session.call_resources import CallResources
from telephony.media.session.conversation import LiveConversation
from telephony.media.speech.agent_speech import AgentSpeech
from warmline.kernel.call import BargeIn


class BargeIns:
    """Cuts what the agent says, and knows what was cut until the caller has said something."""

    def __init__(
        self, resources: CallResources, speaker: AgentSpeaker, conversation: LiveConversation
    ) -> None:
        self._journal = resources.journal
        self._speaker = speaker
        self._conversation = conversation
        self._interrupted: AgentSpeech | None = None  # to be taken up if it was only a noise

    def interrupt(self) -> None:
        """Silence the agent, and cut its words to what was heard."""
        self._speaker.stop()
        self._speaker.cut()
        BARGE_INS.inc()
        current = self._conversation.current
        if current is not None:
            self._journal.add(BargeIn(current.turn))
        # What was heard to its end stands, where short words for who waits are all that was cut.
        if current is not None and not current.committed:
            self._conversation.uncommitted = self._interrupted = current

    def take_up(self) -> None:
        """It was a noise: go on with what it cut."""
        cut, self._interrupted = self._interrupted, None
        rest = cut.rest() if cut is not None else None
        if rest is None:
            return
        if rest.resumes:
            self._conversation.uncommitted = None
        self._speaker.speak(rest)

    def forget(self) -> None:
        """The caller has said something: what was cut is not taken up."""
        self._interrupted = None
