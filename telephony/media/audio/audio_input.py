"""One track of a call: frames in, starts, pauses and ends of speech out, audio to STT."""

from collections import deque
from collections.abc import Callable
from typing import Final

from telephony.carriers.wire import FRAME_BYTES, FRAME_MS
from telephony.media.audio.endpointing import Endpointer, Endpointing, SpeechChange
from telephony.media.replicas.stt import SttStream

PREROLL_MS: Final = 300  # speech begins before the detector is sure of it
MAX_PAYLOAD_BYTES: Final = 16_000


class AudioInput:
    """Cuts a track into 20 ms frames and follows the speech in it."""

    def __init__(
        self, stt: SttStream, endpointing: Endpointing, *, clock_ms: Callable[[], float]
    ) -> None:
        self.stt = stt
        self.endpointer = Endpointer(endpointing)
        self._onset_ms = endpointing.onset_ms
        self._clock_ms = clock_ms
        self._preroll: deque[bytes] = deque(maxlen=PREROLL_MS // FRAME_MS)
        self._rest = b""
        self._transcribing = False  # the speech goes on: its audio is sent on
        self.began_ms = 0.0
        self.last_voice_ms = 0.0

    def feed(self, payload: bytes) -> list[SpeechChange]:
        """What changed with this audio, in order."""
        if len(payload) == FRAME_BYTES and not self._rest:
            change = self._frame(payload)
            return [] if change is None else [change]
        audio = self._rest + payload[:MAX_PAYLOAD_BYTES]
        whole = len(audio) - len(audio) % FRAME_BYTES
        self._rest = audio[whole:]
        changes = (
            self._frame(audio[start : start + FRAME_BYTES])
            for start in range(0, whole, FRAME_BYTES)
        )
        return [change for change in changes if change is not None]

    def _frame(self, frame: bytes) -> SpeechChange | None:
        was_speaking = self.endpointer.speaking
        change = self.endpointer.feed(frame)
        if change == "started":
            self._started(goes_on=was_speaking)
        elif change is not None:
            self._transcribing = False
            self.stt.commit()
        if self.endpointer.speaking and self.endpointer.silence_ms == 0:
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
            self.began_ms = self._clock_ms() - self._onset_ms
        self._transcribing = True
        for frame in self._preroll:
            self.stt.push(frame)
        self._preroll.clear()
