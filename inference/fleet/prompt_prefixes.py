"""The prompt prefixes that a region's think replicas shall have run before a caller rings.

No Django. Each agent's is published again and again while the agent is live; the warmer runs those
of the agents that were called last on each replica, so that its prefix cache holds them. They must
be what a call sends, byte for byte: a prefix that differs in one character is another prefix.
"""

import time
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final, cast

import msgspec
import redis
import structlog

log = structlog.get_logger()

# More than a replica's cache holds would push one another out.
MOST: Final = 64
# Published every minute; an agent that is not live any more is forgotten within the hour.
KEPT_S: Final = 3600
_TEXTS: Final = "prefixes"
_CALLED: Final = "prefixes:called"


class Prefix(msgspec.Struct, frozen=True):
    """How every call of one agent version begins: messages and tools for chat completions."""

    key: str
    messages: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...] = ()


class _Published(msgspec.Struct, frozen=True):
    at: float
    prefix: Prefix


_decoder = msgspec.json.Decoder(_Published)


def publish_prefixes(client: "redis.Redis", prefixes: Sequence[Prefix]) -> None:
    """Put prefixes into a region's Redis, or there again; one that is new counts as called now."""
    if not prefixes:
        return
    now = time.time()
    change = client.pipeline(transaction=True)
    change.hset(
        _TEXTS,
        mapping={prefix.key: msgspec.json.encode(_Published(now, prefix)) for prefix in prefixes},
    )
    change.zadd(_CALLED, {prefix.key: now for prefix in prefixes}, nx=True)
    change.execute()


def note_call(client: "redis.Redis", key: str) -> None:
    """A call of that agent version begins: its prefix is the one to keep warm first."""
    client.zadd(_CALLED, {key: time.time()}, xx=True)


def read_prefixes(client: "redis.Redis") -> tuple[Prefix, ...]:
    """The prefixes of the region's agents that were called last, at most 64.

    What was not published lately is removed. One that cannot be read is logged and removed, until
    it is published again: the others are kept warm without it.
    """
    texts = cast("dict[bytes, bytes]", client.hgetall(_TEXTS))
    living: dict[str, Prefix] = {}
    old: list[bytes] = []
    for field, text in texts.items():
        read = _read(field, text)
        if read is None or time.time() - read.at > KEPT_S:
            old.append(field)
        else:
            living[read.prefix.key] = read.prefix
    if old:
        client.hdel(_TEXTS, *old)
        client.zrem(_CALLED, *old)
    last_called = cast("list[bytes]", client.zrevrange(_CALLED, 0, MOST - 1))
    return tuple(living[key] for raw in last_called if (key := raw.decode()) in living)


def _read(key: bytes, raw: bytes) -> _Published | None:
    try:
        return _decoder.decode(raw)
    except msgspec.MsgspecError as error:
        log.warning("prefix not read", key=key.decode(errors="replace"), why=str(error))
        return None


def digest_of(prefixes: Sequence[Prefix]) -> str:
    """What tells whether a replica has run exactly these, in whatever order."""
    return sha256(msgspec.json.encode(sorted(prefixes, key=lambda prefix: prefix.key))).hexdigest()
