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
