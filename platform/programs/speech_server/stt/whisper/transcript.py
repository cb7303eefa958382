"""What of a decode is speech, without I/O: pieces of words, and runs that a model fell into."""

from collections.abc import Sequence
from typing import Final

# Of noise, tones and silence the models give 0.87 to 0.99, of the shortest real words at most 0.26
# (yes, no, letters, digits over the telephone band).
NO_SPEECH: Final = 0.6
# People speak two to five words a second; what runs faster is a sentence said once, written twice.
_WORDS_A_SECOND: Final = 6.0
_RUN_WORDS: Final = 3


def is_speech(no_speech_probability: float) -> bool:
    """Whether anybody spoke: on noise a decoder writes words all the same."""
    return no_speech_probability < NO_SPEECH


def words_said(words: Sequence[str], *, seconds: float) -> int:
    """How many of the words were said: where a run of them is written again and again, faster than
    anybody speaks, the first.
    """
    if len(words) <= _WORDS_A_SECOND * seconds:
        return len(words)
    plain = [word.lower().strip(".,!?;:…-") for word in words]
    for length in range(_RUN_WORDS, len(plain) // 2 + 1):
        rest = plain[length:]
        if all(word == plain[place % length] for place, word in enumerate(rest)):
            return length
    return len(words)
