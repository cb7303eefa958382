"""What was said in a call: said and heard sentences as events, and what is committed of them."""

from telephony.media.audio.playout import HeardSentence, SpokenSentence
from telephony.media.session.call_resources import CallResources
from telephony.media.session.card_pause import storable, take_turn
from telephony.media.speech.agent_speech import AgentSpeech
from warmline.kernel import clock
from warmline.kernel.call import AgentSentence, CallerTurn, Retrieved, SentenceHeard
from warmline.kernel.conversation import Conversation, Message, encode_conversation


class LiveConversation:
    """The conversation of a call that runs: the context, and speeches on their way into it."""

    def __init__(self, resources: CallResources) -> None:
        self._resources = resources
        self.current: AgentSpeech | None = None  # what is being said, or was said last
        self.uncommitted: AgentSpeech | None = None  # said or cut, not in the context yet
        self.last_heard: HeardSentence | None = None

    @property
    def agents_last_words(self) -> str:
        """What the caller last heard of the agent."""
        if self.current is not None and self.current.words_heard:
            return self.current.words_heard
        messages = self._resources.context.messages
        said = (message.content for message in reversed(messages) if message.role == "assistant")
        return next((words for words in said if words), "")

    def caller_said(self, reply: AgentSpeech, *, began_ms: float, ended_ms: float) -> None:
        """The caller's turn is over: `reply` answers it from now on."""
        take_turn(
            self._resources,
            self._resources.cards,
            turn=reply.turn,
            began_ms=began_ms,
            ended_ms=ended_ms,
        )
        self._resources.turn = reply.turn
        self.current = reply
        self._resources.journal.add(CallerTurn(reply.turn, reply.text, began_ms, ended_ms))
        self.keep()

    def sentence_sent(self, sentence: SpokenSentence) -> None:
        """The first audio of a sentence goes out."""
        self._resources.cards.mention(sentence.text)
        self._resources.journal.add(AgentSentence(sentence.turn, sentence.index, sentence.text))
        if self.current is None:
            return
        waterfall, at_ms = self.current.waterfall, self._resources.clock_ms()
        if sentence.turn == self.current.turn:
            waterfall.reached_at("first_audio", at_ms)
        if not sentence.meanwhile:
            waterfall.reached_at("answer", at_ms)
            self._measure(self.current)

    def sentence_heard(self, sentence: HeardSentence) -> None:
        """A sentence was played, or cut."""
        self._resources.journal.add(
            SentenceHeard(
                sentence.turn,
                sentence.index,
                sentence.text,
                cut=not sentence.whole,
                started_ms=sentence.starts_ms,
            )
        )
        if sentence.meanwhile:
            return
        self.last_heard = sentence if sentence.text else self.last_heard
        if self.current is not None and self.current.turn == sentence.turn:
            self.current.was_heard(sentence)
            self.keep()

    def all_heard(self, speech: AgentSpeech) -> None:
        """Everything of it was played."""
        self._measure(speech)
        self.commit(speech)

    def commit(self, speech: AgentSpeech) -> None:
        """What was said, as far as it was heard, becomes the context."""
        if self.uncommitted is speech:
            self.uncommitted = None
        if speech.committed:
            return
        speech.committed = True
        self._resources.context.add(speech.turn_messages())
        self._resources.context.agent_said(speech.words_heard)
        self.keep()

    def keep(self) -> None:
        """Store the conversation as far as it was heard, for a process that takes the call up."""
        messages = list(self._resources.context.messages)
        for speech in self._unfinished():
            messages += speech.turn_messages()
            if speech.words_heard:
                messages.append(Message("assistant", speech.words_heard))
        stored = Conversation(
            self._resources.turn,
            tuple(storable(message, self._resources.cards) for message in messages),
            self._resources.clock_ms(),
            kept_at=clock.now().timestamp(),
        )
        self._resources.journal.keep(encode_conversation(stored))

    def _unfinished(self) -> list[AgentSpeech]:
        earlier = self.uncommitted if self.uncommitted is not self.current else None
        return [
            speech
            for speech in (earlier, self.current)
            if speech is not None and not speech.committed
        ]

    def _measure(self, speech: AgentSpeech) -> None:
        if speech.waterfall.zero_ms is None or speech.measured:
            return
        speech.measured = True
        journal = self._resources.journal
        if speech.passages or speech.out_of_reach:
            journal.add(Retrieved(speech.turn, speech.text, speech.passages, speech.out_of_reach))
        speech.waterfall.measure()
        region = self._resources.plan.region
        journal.add(
            speech.waterfall.timed(turn=speech.turn, completion=speech.completion, region=region)
        )
