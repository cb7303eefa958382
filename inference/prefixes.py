"""The prompt prefixes that a region's think replicas shall have run before a caller rings. No Django.

Agents publish them when a version goes live; the warmer runs them on each replica, so that its prefix cache holds
them. They must be what a call sends, byte for byte: a prefix that differs in one character is another prefix.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, cast

import msgspec
import redis

from warmline.kernel.regions import RegionCode, redis_urls

# More than a replica's cache holds would push one another out.
MOST: Final = 64
ANSWER_S: Final = 1.0


class Prefix(msgspec.Struct, frozen=True):
    """The beginning of every call of one agent version: messages and tools as the chat completions API takes them."""

    key: str
    messages: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...] = ()


_decoder = msgspec.json.Decoder(Prefix)


def prefixes_key(region: RegionCode) -> str:
    """The Redis list that holds a region's prefixes, the busiest first."""
    return f"prefixes:{region}"


def publish_prefixes(prefixes: Sequence[Prefix], *, urls: Mapping[RegionCode, str] | None = None) -> None:
    """Replace the prefixes of every region (or of those in `urls`), busiest first; beyond 64 they are left out.

    Raises redis.RedisError when a region's Redis does not answer.
    """
    encoded = [msgspec.json.encode(prefix) for prefix in prefixes[:MOST]]
    for region, url in (urls or redis_urls()).items():
        with redis.Redis.from_url(url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S) as client:
            change = client.pipeline(transaction=True)
            change.delete(prefixes_key(region))
            if encoded:
                change.rpush(prefixes_key(region), *encoded)
            change.execute()


def read_prefixes(client: "redis.Redis", region: RegionCode) -> tuple[Prefix, ...]:
    """The region's prefixes; one that cannot be read is `msgspec.ValidationError`."""
    raw = cast("list[bytes]", client.lrange(prefixes_key(region), 0, MOST - 1))
    return tuple(_decoder.decode(each) for each in raw)


def digest_of(prefixes: Sequence[Prefix]) -> str:
    """What tells whether a replica has run exactly these."""
    return sha256(msgspec.json.encode(list(prefixes))).hexdigest()
