"""What operators set for Tandem."""

from typing import Final

from warmline.kernel.configuration import kinds
from warmline.kernel.configuration.setting import DJANGO, Setting

SECRET: Final = Setting(
    "TANDEM_SECRET",
    kinds.SECRET,
    "signs the webhooks; without it each is refused",
    DJANGO,
    default="",
    secret=True,
)
SETTINGS: Final = (SECRET,)
