"""The account at Twilio that this installation answers for, from the environment."""

from dataclasses import dataclass

from warmline.kernel import env


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """`auth_tokens`: several while they are rotated; the first one signs our own calls to Twilio.

    Without a `sid` any account's calls are taken that one of the tokens signed.
    """

    sid: str
    auth_tokens: tuple[str, ...]


def account() -> TwilioAccount:
    """TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKENS separated by commas."""
    tokens = env.text("TWILIO_AUTH_TOKENS", "").split(",")
    return TwilioAccount(
        sid=env.text("TWILIO_ACCOUNT_SID", ""), auth_tokens=tuple(filter(None, tokens))
    )
