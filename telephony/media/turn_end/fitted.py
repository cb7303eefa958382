"""Weights of the end of a turn, in log-odds. Pure data.

By `python -m tests.bench.endpointing.fit`, on synthetic callers.
"""

from typing import Final

BIAS: Final = -0.0
# In the order of `completeness.Signs`.
WORDS: Final = (-1.54, -2.5, -0.89, 0.45, 0.21, -1.18, 0.8, -3.0, 2.5, 1.63, -0.87, -1.4, 0.15)
VOICE: Final = 1.0
VOICE_BIAS: Final = -2.17
