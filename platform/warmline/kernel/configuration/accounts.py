"""What operators set about people: signing up and in, their sessions, the mail they are sent."""

import re
from typing import Final

from warmline.kernel.configuration import kinds
from warmline.kernel.configuration.setting import DJANGO, Setting
from warmline.kernel.errors import ConfigurationError

_HOST: Final = kinds.matching(
    re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?"), "a host such as smtp.example.com"
)
_DOMAIN: Final = kinds.matching(
    re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"),
    "a domain such as example.com, in small letters",
)
_SENDER: Final = kinds.matching(
    re.compile(r"([^\x00-\x1f<>\"@]{1,60} )?<?[^\s<>@\"]{1,64}@[a-zA-Z0-9.-]{1,253}>?"),
    "an address such as Warmline <no-reply@example.com>",
)

SIGN_UP: Final = Setting(
    "WARMLINE_SIGN_UP",
    kinds.FLAG,
    "newcomers may open an account and a company by themselves",
    DJANGO,
    default=True,
)
SESSION_IDLE_HOURS: Final = Setting(
    "WARMLINE_SESSION_IDLE_HOURS",
    kinds.whole(1, 720),
    "hours without a page opened after which one has to sign in again",
    DJANGO,
    default=12,
)
SESSION_HOURS: Final = Setting(
    "WARMLINE_SESSION_HOURS",
    kinds.whole(1, 8760),
    "hours after which one has to sign in again whatever happened",
    DJANGO,
    default=336,
)
OPERATORS_SECOND_FACTOR: Final = Setting(
    "WARMLINE_OPERATORS_SECOND_FACTOR",
    kinds.FLAG,
    "the operators' pages open only to those who signed in with a second factor or a passkey",
    DJANGO,
    default=False,
)
SMTP_HOST: Final = Setting(
    "WARMLINE_SMTP_HOST",
    _HOST,
    "the server that mail is sent by; without one, and without a mailbox, nobody can sign up or "
    "reset a password",
    DJANGO,
    default="",
)
SMTP_PORT: Final = Setting("WARMLINE_SMTP_PORT", kinds.PORT, "its port", DJANGO, default=587)
SMTP_USER: Final = Setting(
    "WARMLINE_SMTP_USER", kinds.TEXT, "who signs in there", DJANGO, default="", secret=True
)
SMTP_PASSWORD: Final = Setting(
    "WARMLINE_SMTP_PASSWORD", kinds.SECRET, "with this password", DJANGO, default="", secret=True
)
SMTP_PASSWORD_FILE: Final = Setting(
    "WARMLINE_SMTP_PASSWORD_FILE",
    kinds.PATH,
    "or with the one in this file",
    DJANGO,
    shown_default="no file",
)
SMTP_TLS: Final = Setting(
    "WARMLINE_SMTP_TLS",
    kinds.one_of("starttls", "tls", "none"),
    "how the connection is encrypted",
    DJANGO,
    default="starttls",
)
MAIL_FROM: Final = Setting(
    "WARMLINE_MAIL_FROM",
    _SENDER,
    "whom mail is from",
    DJANGO,
    default="Warmline <no-reply@localhost>",
)
MAILBOX: Final = Setting(
    "WARMLINE_MAILBOX",
    kinds.PATH,
    "a folder of this machine that mail is put into in place of sending it, shown at `/mailbox/` "
    "where the public address is this machine's own; `make serve` sets it",
    DJANGO,
    shown_default="no mailbox",
)
SSO_URL: Final = Setting(
    "WARMLINE_SSO_URL",
    kinds.ENDPOINT,
    "the OpenID Connect provider by which people sign in; its redirect address is "
    "`/sign-in/sso/callback` below the public one",
    DJANGO,
    default="",
)
SSO_NAME: Final = Setting(
    "WARMLINE_SSO_NAME",
    kinds.TEXT,
    "what its button says",
    DJANGO,
    default="single sign-on",
)
SSO_CLIENT_ID: Final = Setting(
    "WARMLINE_SSO_CLIENT_ID", kinds.TEXT, "what it knows Warmline by", DJANGO, default=""
)
SSO_CLIENT_SECRET: Final = Setting(
    "WARMLINE_SSO_CLIENT_SECRET",
    kinds.SECRET,
    "and its secret",
    DJANGO,
    default="",
    secret=True,
)
SSO_DOMAINS: Final = Setting(
    "WARMLINE_SSO_DOMAINS",
    kinds.listed(_DOMAIN),
    "the domains whose e-mail addresses it vouches for; nobody else comes in by it",
    DJANGO,
    default=(),
)
SSO_REQUIRED: Final = Setting(
    "WARMLINE_SSO_REQUIRED",
    kinds.FLAG,
    "people of these domains sign in by it alone, without a password or passkey of ours",
    DJANGO,
    default=False,
)


def smtp_password() -> str:
    """The mail server's password, from the environment or from its file, without line ends.

    `ConfigurationError` for a file that cannot be read.
    """
    path = SMTP_PASSWORD_FILE.given()
    if path is None:
        return SMTP_PASSWORD.value()
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{SMTP_PASSWORD_FILE.name}={str(path)!r}: expected a file with a password "
            f"({type(error).__name__})"
        ) from None
