"""The roles of the inference plane: speech to text, language model, text to speech, embedding.

In code a role goes by the field's word; its value is the word that rows, pool names, commands and
pages keep (`eu-west/think/frontdesk`), so that what operators set and what is stored stays as it
is.
"""

from typing import Final, Literal

Role = Literal["hear", "think", "speak", "embed"]

STT: Final = "hear"
LLM: Final = "think"
TTS: Final = "speak"
EMBED: Final = "embed"

# What every call with a caller needs, in the order in which a turn comes by them.
CALL_ROLES: Final[tuple[Role, ...]] = (STT, LLM, TTS)
