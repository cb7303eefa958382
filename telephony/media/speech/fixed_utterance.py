"""Words that no model makes: a greeting, a question into the silence, a last sentence."""

from telephony.media.audio.audio_output import AudioOutput
from telephony.media.session.call_resources import CallResources
from telephony.media.speech.agent_speech import SpeechState
from telephony.media.speech.sentences import SentenceCutter
from warmline.kernel.call import EndReason
from warmline.kernel.conversation import Message


class FixedUtterance(SpeechState):
    """Says `text`; its audio is cached for other calls where `keep` is set."""

    def __init__(
        self,
        resources: CallResources,
        audio_output: AudioOutput,
        *,
        turn: int,
        text: str,
        first_index: int = 0,
        end_reason: EndReason | None = None,
        keep: bool = False,
    ) -> None:
        super().__init__(resources, audio_output, turn=turn, text=text)
        cutter = SentenceCutter(resources.plan.agent.language)
        self._sentences = [*cutter.feed(text), *cutter.finish()]
        self._first_index = first_index
        self._keep = keep
        self.sentences = first_index + len(self._sentences)
        self.end_reason = end_reason
        self.gate.set()

    @property
    def words_heard(self) -> str:
        """What the caller heard of it."""
        return " ".join(sentence.text for sentence in self._heard if sentence.text)

    @property
    def left_unsaid(self) -> tuple[str, ...]:
        """Its sentences that tell something and were cut before their middle."""
        heard = {sentence.index: len(sentence.text.split()) for sentence in self._heard}
        return tuple(
            text
            for index, text in enumerate(self._sentences, self._first_index)
            if "?" not in text and 2 * heard.get(index, 0) < len(text.split())
        )

    def turn_messages(self) -> list[Message]:
        """It answers nothing that the caller said."""
        return []

    async def run(self) -> None:
        """Say it. Returns when the last words were sent."""
        for index, sentence in enumerate(self._sentences, self._first_index):
            await self._audio_output.say(
                sentence, turn=self.turn, index=index, gate=self.gate, keep=self._keep
            )

    async def settled(self) -> None:
        """It runs no tools."""
