"""Weights of the end of a turn, in log-odds. Pure data.

By `python -m tests.bench.endpointing.fit`, on synthetic callers.
"""

from typing import Final

BIAS: Final = -0.0
# In the order of `completeness.Signs`.
WORDS: Final = (-1.54, -2.5, -0.9, 0.43, 0.2, -0.5, 0.81, -3.0, 2.5, 1.63, -0.86, -1.4, 0.16)
VOICE: Final = 1.0
VOICE_BIAS: Final = -2.17
