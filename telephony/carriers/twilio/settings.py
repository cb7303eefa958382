"""What operators set for Twilio."""

import re
from typing import Final

from warmline.kernel.configuration import kinds
from warmline.kernel.configuration.setting import DJANGO, Setting

ACCOUNT_SID: Final = Setting(
    "TWILIO_ACCOUNT_SID",
    kinds.matching(re.compile(r"AC[0-9a-fA-F]{32}"), "AC and 32 hexadecimal digits"),
    "the account whose calls are taken; without it any whose calls one of the tokens signed",
    DJANGO,
    default="",
    shown_default="any account",
)
AUTH_TOKENS: Final = Setting(
    "TWILIO_AUTH_TOKENS",
    kinds.listed(
        kinds.matching(
            re.compile(r"[\w.~+/=-]+", re.ASCII), "a token, without blanks or quotes in it"
        )
    ),
    "the account's token; several while rotating, of which the first signs our own calls to Twilio",
    DJANGO,
    default=(),
    shown_default="none, and every webhook is refused",
    secret=True,
)
REGION: Final = Setting(
    "TWILIO_REGION",
    kinds.one_of("us1", "ie1", "au1"),
    "the region of Twilio's that the account's tokens are of, where sub-accounts are made",
    DJANGO,
    default="us1",
)
API_GATEWAY: Final = Setting(
    "TWILIO_API_GATEWAY",
    kinds.ENDPOINT,
    "a gateway that requests to Twilio's API go through, each host of Twilio's a folder of it",
    DJANGO,
    default="",
    shown_default="Twilio's own hosts",
)
SETTINGS: Final = (ACCOUNT_SID, AUTH_TOKENS, REGION, API_GATEWAY)
