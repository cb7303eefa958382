"""The account at Twilio that this installation answers for, from the environment."""

from dataclasses import dataclass

from telephony.carriers.twilio.settings import ACCOUNT_SID, AUTH_TOKENS


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """`auth_tokens`: several while they are rotated; the first one signs our own calls to Twilio.

    Without a `sid` any account's calls are taken that one of the tokens signed.
    """

    sid: str
    auth_tokens: tuple[str, ...]


def account() -> TwilioAccount:
    """TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKENS separated by commas."""
    return TwilioAccount(sid=ACCOUNT_SID.value(), auth_tokens=AUTH_TOKENS.value())
