"""Passwords and keys of one machine: random, made once, kept in the home with mode 0600."""

import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from warmline.embedded.home import Home, HomeUnusable


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the processes of one machine authenticate with."""

    django_secret_key: str
    postgres_superuser_password: str
    owner_password: str
    app_password: str
    control_password: str
    twilio_account_sid: str
    twilio_auth_token: str


def credentials(home: Home) -> Credentials:
    """The home's credentials, made at the first call."""
    path = home.state / "secrets.json"
    if not path.exists():
        _write_private(path, msgspec.json.format(msgspec.json.encode(asdict(_fresh()))))
    try:
        return msgspec.json.decode(path.read_bytes(), type=Credentials)
    except (OSError, msgspec.MsgspecError) as error:
        raise HomeUnusable(
            f"{path} cannot be used: {error}; restore it, or `make clean` to begin anew"
        ) from error


def _fresh() -> Credentials:
    return Credentials(
        django_secret_key=secrets.token_urlsafe(50),
        postgres_superuser_password=secrets.token_urlsafe(24),
        owner_password=secrets.token_urlsafe(24),
        app_password=secrets.token_urlsafe(24),
        control_password=secrets.token_urlsafe(24),
        twilio_account_sid="AC" + secrets.token_hex(16),
        twilio_auth_token=secrets.token_hex(16),
    )


def _write_private(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    partial.replace(path)
