"""One track of a call: frames and keys in, starts, pauses and ends out, audio to STT."""

from collections import deque
from collections.abc import Callable
from typing import Final

from telephony.carriers.wire import FRAME_BYTES, FRAME_MS
from telephony.media.audio.echo import EchoCanceller
from telephony.media.audio.endpointing import Endpointer, Endpointing, SpeechChange
from telephony.media.audio.key_entry import KeyEntry
from telephony.media.replicas.stt import SttStream

PREROLL_MS: Final = 300  # speech begins before the detector is sure of it
TURN_AUDIO_MS: Final = 8_000  # by which smart-turn judges a pause
MAX_PAYLOAD_BYTES: Final = 16_000


class AudioInput:
    """Cuts a track into 20 ms frames and follows the speech in it, and the keys between it."""

    def __init__(
        self, stt: SttStream, endpointing: Endpointing, *, clock_ms: Callable[[], float]
    ) -> None:
        self.stt = stt
        self.echo = EchoCanceller()
        self.endpointer = Endpointer(endpointing)
        self.keys = KeyEntry()
        self._onset_ms = endpointing.onset_ms
        self._clock_ms = clock_ms
        self._preroll: deque[bytes] = deque(maxlen=PREROLL_MS // FRAME_MS)
        self._turn_frames: deque[bytes] = deque(maxlen=TURN_AUDIO_MS // FRAME_MS)
        self._rest = b""
        self._transcribing = False  # the speech goes on: its audio is sent on
        self.began_ms = 0.0
        self.last_voice_ms = 0.0

    def turn_audio(self) -> bytes:
        """The last eight seconds of the turn that is going on, its pauses with them."""
        return b"".join(self._turn_frames)

    def feed(self, payload: bytes) -> list[SpeechChange]:
        """What changed with this audio, in order."""
        if len(payload) == FRAME_BYTES and not self._rest:
            change = self._passed(payload)
            return [] if change is None else [change]
        audio = self._rest + payload[:MAX_PAYLOAD_BYTES]
        whole = len(audio) - len(audio) % FRAME_BYTES
        self._rest = audio[whole:]
        changes = (
            self._passed(audio[start : start + FRAME_BYTES])
            for start in range(0, whole, FRAME_BYTES)
        )
        return [change for change in changes if change is not None]

    def press(self, key: str) -> list[SpeechChange]:
        """What changed with a key: it is a word of the caller's, in its place between others."""
        begins = not self.keys.pending
        ends = self.keys.press(key)
        if not self.keys.pending:
            return []
        changes: list[SpeechChange] = []
        if begins:
            self.began_ms = self.began_ms if self.endpointer.speaking else self._clock_ms()
            self.stt.expect_keys()
            changes.append("started")
        self.last_voice_ms = self._clock_ms()
        change = self._keyed() if ends else None
        return changes if change is None else [*changes, change]

    def write(self, text: str) -> list[SpeechChange]:
        """What changed with words that were written: nothing of them is still to come."""
        if self.keys.pending:
            self.stt.keyed(self.keys.take())
        self.began_ms = self.last_voice_ms = self._clock_ms()
        self.stt.expect_keys()
        self.stt.keyed(text)
        return ["started", "ended"]

    def take_turn(self) -> None:
        """What was said is a turn; what comes next belongs to another."""
        self.stt.new_turn()
        self.endpointer.had_words()

    def drop_turn(self) -> None:
        """What was said is no turn; what comes next begins anew."""
        self.stt.new_turn()
        if not self.keys.pending:
            self.endpointer.drop()
            self._transcribing = False

    def _keyed(self) -> SpeechChange | None:
        """The entry is over; what is said still decides on the end of the turn."""
        self.stt.keyed(self.keys.take())
        return None if self.endpointer.speaking else "ended"

    def _passed(self, frame: bytes) -> SpeechChange | None:
        change = self._frame(frame)
        if not self.keys.pending:
            return change
        # A silence while keys are pressed is no end.
        return self._keyed() if self.keys.wait(FRAME_MS) else None

    def _frame(self, line: bytes) -> SpeechChange | None:
        frame = self.echo.clean(line)
        was_speaking = self.endpointer.speaking
        change = self.endpointer.feed(frame)
        if change == "started":
            self._started(goes_on=was_speaking)
        elif change is not None:
            self._transcribing = False
            self.stt.commit()
        if self.endpointer.speaking:
            self._turn_frames.append(frame)
            if self.endpointer.silence_ms == 0:
                self.last_voice_ms = self._clock_ms()
        if self._transcribing:
            self.stt.push(frame)
        else:
            self._preroll.append(frame)
        return change

    def _started(self, *, goes_on: bool) -> None:
        if goes_on:
            self.stt.resume()
        else:
            self._turn_frames.clear()
            self._turn_frames.extend(self._preroll)
            if not self.keys.pending:
                self.began_ms = self._clock_ms() - self._onset_ms
        self._transcribing = True
        for frame in self._preroll:
            self.stt.push(frame)
        self._preroll.clear()
