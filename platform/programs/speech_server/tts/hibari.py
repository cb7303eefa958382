"""hibari: a small neural voice of English (ONNX, 24 kHz), with eSpeak NG's phonemes."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime

from programs.speech_server.audio import TELEPHONE_HZ, Resampler, Samples
from programs.speech_server.errors import SpeechFailed
from programs.speech_server.tts import espeak
from programs.speech_server.tts.engine import OnAudio, Style
from programs.speech_server.tts.phonemes import symbol_ids, symbols_of
from programs.speech_server.tts.vocoder import RATE_HZ, Floats, Spectra, wave_of
from programs.speech_server.tts.voices import Voice

MODEL: Final = "hibari"
# -20 dBFS while somebody speaks, as a telephone line is set up for; peaks stay below full scale.
_LEVEL: Final = 0.1 * 32_768
_SPEAKING: Final = 0.1  # of the loudest moment
# 0.2 s at a time: a reader that leaves stops what is still to be sent.
_PIECE_SAMPLES: Final = 1_600
# The network begins with a third of a second of silence, and ends with half a second.
_SILENT_BELOW: Final = 0.0016  # -56 dBFS
_LOOKS_A_SECOND: Final = 200
_LEAD_S, _REST_S, _BREATH_S = 0.015, 0.2, 0.1
_SLOWEST, _FASTEST = 0.5, 2.0  # beyond it the network was not trained
_SENTENCE_ENDS: Final = ".?!…"


class Hibari:
    """The network in one session, for one thread."""

    name = MODEL
    max_part_chars = 120  # some eight seconds of sound, made in 150 ms

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )

    def speaks(self, voice: Voice) -> bool:
        """English voices that have a timbre."""
        return voice.timbre is not None

    def speak(self, part: str, *, style: Style, on_audio: OnAudio) -> None:
        """The whole part is made at once, then given piece by piece."""
        timbre = style.voice.timbre
        ids = symbol_ids(symbols_of(part, espeak.ipa))
        if timbre is None or len(ids) < 3:
            raise SpeechFailed("hibari has no voice or no sounds for this")
        made_hz = TELEPHONE_HZ if style.rate_hz <= TELEPHONE_HZ else RATE_HZ
        wave = wave_of(self._spectra(ids, style.speed), timbre, rate_hz=made_hz)
        sound = _as_on_a_telephone(wave, part, made_hz)
        resampler = Resampler(made_hz, style.rate_hz)
        _in_pieces(np.concatenate((resampler.feed(sound), resampler.flush())), on_audio)

    def _spectra(self, ids: list[int], speed: float) -> Spectra:
        pace = max(_SLOWEST, min(_FASTEST, speed))
        inputs = {"ids": np.array([ids], np.int64), "speed": np.array([pace], np.float32)}
        try:
            outputs = self._session.run(None, inputs)
        except RuntimeError as error:  # what onnxruntime's errors are
            raise SpeechFailed(f"hibari gave up: {type(error).__name__}") from error
        spectra = Spectra(*(output[0] for output in outputs))
        if not all(np.isfinite(part).all() for part in (spectra.harmonics, spectra.pitch)):
            raise SpeechFailed("hibari gave numbers that are no sound")
        return spectra


def _as_on_a_telephone(sound: Floats, part: str, rate_hz: int) -> Samples:
    """At the line's level, and with the silence of a breath instead of the network's own."""
    look = rate_hz // _LOOKS_A_SECOND
    looks = sound[: len(sound) // look * look].reshape(-1, look)
    levels = np.sqrt(np.mean(looks * looks, axis=1))
    loud = np.flatnonzero(levels > _SILENT_BELOW)
    if not len(loud):
        raise SpeechFailed("hibari gave silence")
    spoken = levels[levels > _SPEAKING * levels.max()]
    rest_s = _REST_S if part.rstrip()[-1:] in _SENTENCE_ENDS else _BREATH_S
    begins = max(0, int(loud[0]) * look - round(_LEAD_S * rate_hz))
    ends = (int(loud[-1]) + 1) * look + round(rest_s * rate_hz)
    return sound[begins:ends] * np.float32(_LEVEL / np.sqrt(np.mean(spoken * spoken)))


def _in_pieces(samples: Samples, on_audio: Callable[[Samples], bool]) -> None:
    for start in range(0, len(samples), _PIECE_SAMPLES):
        if not on_audio(samples[start : start + _PIECE_SAMPLES]):
            return
