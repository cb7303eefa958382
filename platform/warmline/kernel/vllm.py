"""What every start of vLLM on a CPU agrees on."""

from typing import Final

# A cached prefix ends with its last whole block. In blocks of 128, which vLLM takes on a CPU, up to
# 127 tokens of a known prompt are read again: the first token came after 49 ms, in blocks of 64
# after 33, of 32, the least, after 22.
BLOCK_TOKENS: Final = 32
