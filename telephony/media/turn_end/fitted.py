"""Weights of the end of a turn, in log-odds. Pure data.

By `python -m tests.bench.endpointing.fit`, on synthetic callers.
"""

from typing import Final

BIAS: Final = 0.3
# In the order of `completeness.Signs`.
WORDS: Final = (-3.5, -3.0, -2.0, 0.5, 2.0, -1.0, 2.0, -3.0, 3.0, 2.5, -0.5, 0.5)
VOICE: Final = 0.6
VOICE_BIAS: Final = 0.0
