"""Playout: what the caller has heard, by the carrier's marks and a clock between them. Pure."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from telephony.carriers.wire import BYTES_PER_MS
from telephony.media.audio.mulaw import duration_ms, quietest_before
from verticals.spoken.speech import spoken_form

# Word starts are estimated to within this; a word is heard only if it surely ended before the cut.
_UNSURE_MS = 60.0
# So little of a sentence is no word of its own: it is not said again.
_NEARLY_ALL_MS = 120.0


@dataclass(slots=True)
class SpokenSentence:
    """A sentence: how much was sent, and when it began to play, by estimate, then by marks.

    `text` is as it is written, `spoken` what the voice was given.
    """

    turn: int
    index: int
    text: str
    mark: str
    starts_ms: float
    spoken: str
    audio: bytearray = field(default_factory=bytearray)  # what was sent of it
    complete: bool = False
    meanwhile: bool = False  # short words for a caller who waits, and no part of an answer

    @property
    def sent_bytes(self) -> int:
        """How much of it was sent."""
        return len(self.audio)

    @property
    def ends_ms(self) -> float:
        """When what was sent of it has been played."""
        return self.starts_ms + duration_ms(self.sent_bytes)


@dataclass(frozen=True, slots=True)
class HeardSentence:
    """What the caller had of one sentence, and since when: the call's milliseconds."""

    turn: int
    index: int
    text: str
    whole: bool
    starts_ms: float | None = None
    meanwhile: bool = False
    sentence: str = ""  # all of it


class Playout:
    """The carrier's buffer as we can know it. Times are the call's milliseconds."""

    def __init__(self, *, language: str = "en") -> None:
        self._language = language
        self._queue: deque[SpokenSentence] = deque()
        self._free_ms = 0.0
        self._held_ms: float | None = None

    @property
    def empty(self) -> bool:
        """Nothing is playing or waiting to be played."""
        return not self._queue

    @property
    def ends_ms(self) -> float:
        """When everything sent so far has been played."""
        return self._free_ms

    def ahead_ms(self, now_ms: float) -> float:
        """How much audio lies unplayed at the carrier."""
        return max(0.0, self._free_ms - now_ms)

    def begin(
        self, *, turn: int, index: int, text: str, mark: str, now_ms: float, spoken: str = ""
    ) -> SpokenSentence:
        """A sentence's first audio is about to be sent; `spoken` is what it sounds like."""
        starts_ms = max(now_ms, self._free_ms)
        sentence = SpokenSentence(turn, index, text, mark, starts_ms, spoken or text)
        self._queue.append(sentence)
        return sentence

    def sent(self, spoken: SpokenSentence, mulaw: bytes, *, now_ms: float) -> None:
        """More of it was sent; a gap before it is an underrun of `now - end`."""
        if spoken.sent_bytes and self._free_ms < now_ms:
            spoken.starts_ms += now_ms - self._free_ms
        spoken.audio += mulaw
        self._free_ms = max(now_ms, self._free_ms) + duration_ms(len(mulaw))

    def reached(self, mark: str, *, now_ms: float) -> list[HeardSentence]:
        """A mark came back: its sentence, and any before it, were played.

        Unknown marks were cleared long ago; those of a hold come back by its `clear`.
        """
        if self.held or not any(spoken.mark == mark for spoken in self._queue):
            return []
        heard: list[HeardSentence] = []
        while self._queue:
            spoken = self._queue.popleft()
            heard.append(_heard(spoken, spoken.text, whole=True))
            if spoken.mark == mark:
                break
        if self._queue:
            late_ms = now_ms - self._queue[0].starts_ms
            self._queue[0].starts_ms = now_ms
            self._free_ms += late_ms
        else:
            self._free_ms = min(self._free_ms, now_ms)
        return heard

    def overdue(self, now_ms: float, *, grace_ms: float) -> str | None:
        """The last mark that should have come back long ago, if the carrier keeps it to itself."""
        if self.held:
            return None
        due = [s.mark for s in self._queue if s.complete and s.ends_ms + grace_ms < now_ms]
        return due[-1] if due else None

    @property
    def held(self) -> bool:
        """The carrier's buffer was cleared, and what it held may be played yet."""
        return self._held_ms is not None

    def hold(self, now_ms: float) -> list[HeardSentence]:
        """Everything was cleared, and may be sent again; what was heard of each sentence so far."""
        self._held_ms = now_ms
        return [self._heard_of(spoken, now_ms) for spoken in self._queue]

    def resume(
        self, now_ms: float
    ) -> tuple[list[HeardSentence], list[tuple[SpokenSentence, bytes]]]:
        """Go on from where it was held, a little before: sentences that had been heard to their
        end, and those that are sent again with the audio to send.
        """
        held_ms = self._held_ms if self._held_ms is not None else now_ms
        self._held_ms, self._free_ms = None, now_ms
        heard: list[HeardSentence] = []
        again: list[tuple[SpokenSentence, bytes]] = []
        for spoken in tuple(self._queue):
            played = max(0, int((held_ms - spoken.starts_ms) * BYTES_PER_MS))
            if spoken.complete and spoken.ends_ms - held_ms < _NEARLY_ALL_MS:
                self._queue.remove(spoken)
                heard.append(_heard(spoken, spoken.text, whole=True))
                continue
            since = quietest_before(spoken.audio, min(played, spoken.sent_bytes))
            spoken.starts_ms = self._free_ms - duration_ms(since)
            self._free_ms = spoken.ends_ms
            again.append((spoken, bytes(spoken.audio[since:])))
        return heard, again

    def cut(self, now_ms: float) -> list[HeardSentence]:
        """Everything was cleared; what was heard of each sentence, by its playing time."""
        until_ms = self._held_ms if self._held_ms is not None else now_ms
        heard = [self._heard_of(spoken, until_ms) for spoken in self._queue]
        self._queue.clear()
        self._free_ms, self._held_ms = now_ms, None
        return heard

    def _heard_of(self, spoken: SpokenSentence, now_ms: float) -> HeardSentence:
        played_ms = now_ms - spoken.starts_ms
        if played_ms <= 0 or not spoken.sent_bytes:
            return _heard(spoken, "", whole=False)
        if spoken.complete and played_ms >= duration_ms(spoken.sent_bytes):
            return _heard(spoken, spoken.text, whole=True)
        # Until the sentence is wholly synthesised its length is a guess: 65 ms a character, at
        # least what was sent.
        whole_ms = duration_ms(spoken.sent_bytes)
        if not spoken.complete:
            whole_ms = max(whole_ms, 65.0 * len(spoken.spoken))
        words = self._heard_words(spoken, (played_ms - _UNSURE_MS) / whole_ms)
        return _heard(spoken, words, whole=False)

    def _heard_words(self, spoken: SpokenSentence, share: float) -> str:
        if spoken.spoken == spoken.text:
            return heard_words(spoken.text, share)
        said = [len(spoken_form(word, self._language)) for word in spoken.text.split()]
        return heard_words(spoken.text, share, letters=said)


def _heard(sentence: SpokenSentence, text: str, *, whole: bool) -> HeardSentence:
    return HeardSentence(
        sentence.turn,
        sentence.index,
        text,
        whole=whole,
        starts_ms=sentence.starts_ms,
        meanwhile=sentence.meanwhile,
        sentence=sentence.text,
    )


def heard_words(text: str, share: float, *, letters: Sequence[int] = ()) -> str:
    """The words that had ended when this share of a sentence had been played.

    Words take time by their letters, or by those of what they sound like: "$1,200" is long.
    """
    words = text.split()
    lengths = [length + 1 for length in letters or map(len, words)]
    whole = sum(lengths)
    spent, heard = 0, []
    for word, length in zip(words, lengths, strict=True):
        spent += length
        if spent > share * whole:
            break
        heard.append(word)
    return " ".join(heard)
