"""Voice activity detection: whether a 20 ms frame holds a voice, in the noise of its line."""

from typing import Final

import webrtcvad

from telephony.media.audio.mulaw import SAMPLE_RATE_HZ, loudness, to_linear

# Below this a frame is line noise, whatever its spectrum (about -50 dBFS).
QUIET_RMS: Final = 100
# Speech stands at least this far above the noise of the line (9 dB).
ABOVE_NOISE: Final = 2.8
# The tail of a word, 26 dB under the speaker's own level, is silence already; WebRTC's detector
# holds on longer.
TAIL: Final = 0.05


class VoiceDetector:
    """WebRTC's detector behind a noise gate that learns the line's noise and the voice's level."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(2)
        self._noise = 30.0
        self._level = 0.0

    def is_voice(self, mulaw_frame: bytes) -> bool:
        """Whether this frame of 160 bytes holds a voice."""
        linear = to_linear(mulaw_frame)
        rms = loudness(linear)
        if rms < QUIET_RMS or rms < self._noise * ABOVE_NOISE or rms < self._level * TAIL:
            self._settle_noise(rms)
            return False
        if not self._vad.is_speech(linear, SAMPLE_RATE_HZ):
            self._settle_noise(rms)
            return False
        self._level = max(rms, self._level * 0.998)
        return True

    def _settle_noise(self, rms: int) -> None:
        # Falls at once, rises slowly: about two seconds to learn a louder line.
        self._noise = rms if rms < self._noise else self._noise + (rms - self._noise) * 0.01
        self._noise = max(self._noise, 10.0)
        self._level *= 0.998
