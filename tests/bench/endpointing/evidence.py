"""What is known in each pause: how the voice fell, and the words that real ears heard so far."""

import audioop
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import ctranslate2
import msgspec
import numpy as np
import tokenizers

from telephony.media.turn_end.smart_turn import SmartTurn
from tests.bench.endpointing.pauses import LEAST_MS, SILENCE, Known, Pause
from warmline.kernel.log_mel import SAMPLE_RATE_HZ, doubled, log_mel
from warmline.kernel.weights import weights_file

PADDING_S: Final = 6  # Whisper takes short windows if silence follows
NO_SPEECH: Final = 0.87


class Ears:
    """Whisper tiny.en and smart-turn, on what was said before a pause."""

    def __init__(self) -> None:
        model = weights_file("whisper-tiny.en")
        self._whisper = ctranslate2.models.Whisper(
            str(model.parent), compute_type="int8", intra_threads=1
        )
        self._tokenizer = tokenizers.Tokenizer.from_file(str(model.parent / "tokenizer.json"))
        self._prompt = [
            self._tokenizer.token_to_id(token)
            for token in ("<|startoftranscript|>", "<|notimestamps|>")
        ]
        self._smart_turn = SmartTurn(weights_file("smart-turn-v3"))

    def know(self, pause: Pause, mulaw: bytes, *, asked: str = "nothing") -> Known:
        """What they make of it."""
        silence = SILENCE * (LEAST_MS // 20)
        heard = (mulaw[: pause.began_at] + mulaw[pause.began_at :][: len(silence)]).ljust(
            pause.began_at + len(silence), b"\xff"
        )
        voice = round(self._smart_turn.judge(heard), 4)
        return Known(pause.turn, pause.kind, pause.lasts_ms, voice, self._words(heard), asked)

    def _words(self, mulaw: bytes) -> str:
        linear = np.frombuffer(audioop.ulaw2lin(mulaw, 2), "<i2").astype(np.float32) / np.float32(
            32768
        )
        samples = doubled(linear)[-24 * SAMPLE_RATE_HZ :]
        bands = log_mel(np.pad(samples, (0, PADDING_S * SAMPLE_RATE_HZ)))
        seconds = samples.size / SAMPLE_RATE_HZ
        [result] = self._whisper.generate(
            ctranslate2.StorageView.from_array(bands[np.newaxis]),
            [self._prompt],
            beam_size=1,
            max_length=int(12 + 8 * seconds),
            suppress_blank=True,
            return_no_speech_prob=True,
        )
        if result.no_speech_prob >= NO_SPEECH:
            return ""
        return str(self._tokenizer.decode(result.sequences_ids[0])).strip()


def keep(known: list[Known], path: Path) -> None:
    """Store what is dear to find."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode([asdict(one) for one in known]))


def kept(path: Path) -> list[Known] | None:
    """What was stored."""
    if not path.exists():
        return None
    rows: list[dict[str, Any]] = msgspec.json.decode(path.read_bytes())
    return [Known(**row) for row in rows]
