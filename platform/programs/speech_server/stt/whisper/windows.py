"""Cuts a long utterance into what Whisper hears at once, where it is quietest."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from programs.speech_server.audio import TELEPHONE_HZ, Samples

_QUIET_SAMPLES: Final = TELEPHONE_HZ * 160 // 1000
_LOOKED_THROUGH_S: Final = 8.0


def windows(samples: Samples, *, at_most_s: float) -> Iterator[Samples]:
    """The utterance in pieces; each ends in the quietest 160 ms of its last eight seconds."""
    most = int(at_most_s * TELEPHONE_HZ)
    while len(samples) > most:
        cut = _quietest(samples[:most])
        yield samples[:cut]
        samples = samples[cut:]
    yield samples


def _quietest(samples: Samples) -> int:
    start = len(samples) - int(_LOOKED_THROUGH_S * TELEPHONE_HZ)
    blocks = samples[start:][: (len(samples) - start) // _QUIET_SAMPLES * _QUIET_SAMPLES]
    energy = (blocks.reshape(-1, _QUIET_SAMPLES) ** 2).sum(axis=1)
    return start + int(np.argmin(energy)) * _QUIET_SAMPLES + _QUIET_SAMPLES // 2
