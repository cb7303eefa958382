"""Passwords and keys of one machine: random, made once, kept in the home with mode 0600."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import msgspec

from warmline.embedded.home import Home, HomeUnusable
from warmline.kernel.private_files import write_private


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
    redis_passwords: dict[str, str] = field(default_factory=dict)  # by user


def credentials(home: Home) -> Credentials:
    """The home's credentials, made at the first call."""
    path = _path(home)
    if not path.exists():
        _keep(home, _fresh())
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Credentials)
    except (OSError, msgspec.MsgspecError) as error:
        raise HomeUnusable(
            f"{path} cannot be used: {error}; restore it, or `make clean` to begin anew"
        ) from error
    return kept


def with_redis_passwords(home: Home, kept: Credentials, *, users: Iterable[str]) -> Credentials:
    """The same with a password for each of these users of Redis, made where one is missing."""
    missing = [user for user in users if user not in kept.redis_passwords]
    if not missing:
        return kept
    made = {user: secrets.token_urlsafe(24) for user in missing}
    whole = replace(kept, redis_passwords={**kept.redis_passwords, **made})
    _keep(home, whole)
    return whole


def _keep(home: Home, kept: Credentials) -> None:
    write_private(_path(home), msgspec.json.format(msgspec.json.encode(asdict(kept))))


def _path(home: Home) -> Path:
    return home.state / "secrets.json"


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
