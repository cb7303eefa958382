"""How a caller's voice fell before a pause: smart-turn v3, one model for all calls of a process.

It reads the last eight seconds of the turn and gives the probability that the turn is over. On one
core it takes some 65 ms, linear in the number of pauses (two at once take twice as long, so there
is nothing to batch): it runs in a thread of its own at a lower priority than the loop's, takes a
bounded share of the core, and whoever comes when it is busy, or waits too long, decides without it.
"""

import asyncio
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
import structlog

from telephony.media.audio import mulaw
from telephony.media.metrics import VOICE_SECONDS, VOICE_UNHEARD
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.log_mel import SAMPLE_RATE_HZ, Samples, doubled, log_mel
from warmline.kernel.weights import weights_file

log = structlog.get_logger()

WINDOW_SAMPLES: Final = 8 * SAMPLE_RATE_HZ
# An answer that comes later than this is overtaken by the words.
DEADLINE_S: Final = 0.35
MAX_WAITING: Final = 4
# So much of a core at most, over a second: 150 callers on one must not wait for the model.
MAX_SHARE: Final = 0.15
_BURST_S: Final = 0.5
_NICENESS: Final = 10


class SmartTurn:
    """Asks the model; None for an answer that is not to be had in time."""

    def __init__(self, model: Path, *, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # 60 MB that are needed for a moment
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._thread = ThreadPoolExecutor(1, "smart-turn", initializer=_step_back)
        self._places = threading.BoundedSemaphore(MAX_WAITING)
        self._share = _Share()
        self.judge(b"")  # the first time takes several times as long

    async def probability(self, turn_audio: bytes) -> float | None:
        """The probability that this turn, µ-law at 8 kHz, is over."""
        if not self._share.left() or not self._places.acquire(blocking=False):
            VOICE_UNHEARD.labels("busy").inc()
            return None
        asked = self._thread.submit(self._ask, turn_audio)
        asked.add_done_callback(lambda _: self._places.release())
        try:
            async with asyncio.timeout(self._deadline_s):
                return await asyncio.wrap_future(asked)
        except TimeoutError:
            VOICE_UNHEARD.labels("late").inc()
        except Exception as error:  # noqa: BLE001
            # onnxruntime's errors share no class above them; the call goes on without the model.
            VOICE_UNHEARD.labels("failed").inc()
            log.warning("smart-turn failed", why=type(error).__name__)
        return None

    def _ask(self, turn_audio: bytes) -> float:
        began = time.thread_time()
        try:
            return self.judge(turn_audio)
        finally:
            spent_s = time.thread_time() - began
            self._share.spend(spent_s)
            VOICE_SECONDS.observe(spent_s)

    def judge(self, turn_audio: bytes) -> float:
        """The same, computed here and now."""
        features = log_mel(_window(turn_audio))[np.newaxis]
        outputs: Any = self._session.run(None, {"input_features": features})
        return float(outputs[0][0, 0])


class _Share:
    """A bucket of processor time that fills by `MAX_SHARE` of each second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left_s = _BURST_S
        self._at_s = time.monotonic()

    def left(self) -> bool:
        """Whether anything of it is left."""
        with self._lock:
            now_s = time.monotonic()
            self._left_s = min(_BURST_S, self._left_s + (now_s - self._at_s) * MAX_SHARE)
            self._at_s = now_s
            return self._left_s > 0

    def spend(self, spent_s: float) -> None:
        """So much was used."""
        with self._lock:
            self._left_s -= spent_s


def _step_back() -> None:
    """Frames go first: the loop's thread is preferred to this one (Linux has it per thread)."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _window(turn_audio: bytes) -> Samples:
    """The last eight seconds at 16 kHz, silence before a shorter turn, mean 0 and variance 1."""
    recent = mulaw.to_linear(turn_audio[-WINDOW_SAMPLES // 2 :])
    spoken = doubled(np.frombuffer(recent, "<i2").astype(np.float32) / np.float32(32768))
    samples = np.zeros(WINDOW_SAMPLES, np.float32)
    if spoken.size:
        samples[-spoken.size :] = spoken
    centred = samples - samples.mean()
    return np.asarray(centred / np.sqrt(centred.var() + 1e-7), np.float32)


def load() -> SmartTurn | None:
    """The model from this machine's weights; None, and a word in the log, without them."""
    try:
        return SmartTurn(weights_file("smart-turn-v3"))
    except ConfigurationError as error:
        log.warning("turns end without smart-turn", why=str(error))
        return None
