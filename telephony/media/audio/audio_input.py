"""One track of a call listened to:
frames in, speech started, paused and ended out, its audio sent to be heard.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from telephony.media.audio.vad import Activity, Sensitivity, VoiceActivity
from telephony.media.audio.wire import FRAME_BYTES, FRAME_MS
from telephony.media.replicas.stt import SttStream

PREROLL_MS: Final = 300  # speech begins before the detector is sure of it
MAX_PAYLOAD_BYTES: Final = 16_000


class AudioInput:
    """Cuts a track into 20 ms frames and follows the speech in it."""

    def __init__(
        self, hearing: SttStream, sensitivity: Sensitivity, *, clock_ms: Callable[[], float]
    ) -> None:
        self.hearing = hearing
        self._activity = VoiceActivity(sensitivity)
        self._onset_ms = sensitivity.onset_ms
        self._clock_ms = clock_ms
        self._preroll: deque[bytes] = deque(maxlen=PREROLL_MS // FRAME_MS)
        self._rest = b""
        self._listening = False  # the speech goes on: its audio is sent on
        self.began_ms = 0.0
        self.last_voice_ms = 0.0

    def interrupting(self, *, interrupting: bool) -> None:
        """Whether speech now would cut the agent's: then more of it is needed."""
        self._activity.interrupting = interrupting

    def feed(self, payload: bytes) -> list[Activity]:
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

    def _frame(self, frame: bytes) -> Activity | None:
        was_speaking = self._activity.speaking
        change = self._activity.feed(frame)
        if change == "started":
            if not was_speaking:
                self.began_ms = self._clock_ms() - self._onset_ms
            else:
                self.hearing.go_on()
            self._listening = True
            for earlier in self._preroll:
                self.hearing.push(earlier)
            self._preroll.clear()
        elif change is not None:
            self._listening = False
            self.hearing.commit()
        if self._activity.speaking and self._activity.silence_ms == 0:
            self.last_voice_ms = self._clock_ms()
        if self._listening:
            self.hearing.push(frame)
        else:
            self._preroll.append(frame)
        return change
