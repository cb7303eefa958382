"""What operators set about hearing and speaking."""

from typing import Final

from warmline.kernel.configuration import kinds
from warmline.kernel.configuration.setting import Setting

WEIGHTS: Final = Setting(
    "WARMLINE_WEIGHTS",
    kinds.PATH,
    "the folder of the weights that hear, speak and tell turns, as `make weights` lays it out",
    frozenset({"jobs", "commands", "media"}),
    shown_default="`weights` in the home",
)
SPEECH: Final = Setting(
    "WARMLINE_SPEECH",
    kinds.one_of("neural", "small"),
    "what hears and speaks in the pools that one machine begins with: `neural` (Whisper, hibari), "
    "or `small`: PocketSphinx and eSpeak NG, 250 MB less, for people who bear with a robot",
    frozenset({"jobs", "commands"}),
    default="neural",
)
