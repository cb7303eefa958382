"""What is known in each pause: how the voice fell, and the words that real ears heard so far."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from programs.speech_server.audio import TELEPHONE_HZ, from_mulaw
from programs.speech_server.stt.whisper.model import MAX_WINDOW_S, WhisperModel
from telephony.media.turn_end.smart_turn import SmartTurn
from tests.bench.endpointing.pauses import LEAST_MS, SILENCE, Known, Pause
from warmline.kernel.weights import weights_file


class Ears:
    """Whisper tiny.en and smart-turn, on what was said before a pause."""

    def __init__(self) -> None:
        self._whisper = WhisperModel("whisper-tiny.en", threads=1)
        self._smart_turn = SmartTurn(weights_file("smart-turn-v3"))

    def know(self, pause: Pause, mulaw: bytes, *, asked: str = "nothing") -> Known:
        """What they make of it."""
        silence = SILENCE * (LEAST_MS // 20)
        heard = (mulaw[: pause.began_at] + mulaw[pause.began_at :][: len(silence)]).ljust(
            pause.began_at + len(silence), b"\xff"
        )
        voice = round(self._smart_turn.judge(heard), 4)
        words = self._whisper.hear(from_mulaw(heard)[-int(MAX_WINDOW_S * TELEPHONE_HZ) :]).text
        return Known(pause.turn, pause.kind, pause.lasts_ms, voice, words, asked)


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
