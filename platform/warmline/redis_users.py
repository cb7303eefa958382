"""Who may do what in Redis: each plane's keys, channels and commands, in one table.

`python -m warmline.redis_users` prints it as ACL rules for a server of your own; the Valkey of one
machine is given the same. Whoever holds one plane's credential can neither read nor write another's
keys: the media plane least of all, which takes sockets from outside.
"""

import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from telephony import media_link

Plane = Literal["web", "jobs", "recorder", "media", "commands"]
PLANES: Final[tuple[Plane, ...]] = ("web", "jobs", "recorder", "media", "commands")

BROKER_DATABASE: Final = 0
LIVE_DATABASE: Final = 1

# Django's cache, by its version prefix.
CACHE: Final = (":1:*",)
# How many requests each key of the API made.
API_LIMITS: Final = ("limit:*",)
# kombu's queues, bindings and unacknowledged work; workers hear each other on its channels.
BROKER: Final = ("celery*", "knowledge*", "_kombu.*", "unacked*", "*.reply.celery.pidbox*")
# Subscribing to a pattern takes the very same one.
BROKER_CHANNELS: Final = (
    f"/{BROKER_DATABASE}.celery.pidbox",
    f"/{BROKER_DATABASE}.celeryev/worker.*",
)
# What pages are told, by Channels.
LIVE_CHANNELS: Final = ("asgi*",)
# What a call holds of its pools.
LEASES: Final = ("lease:*", "lease-*", "arrived:*", "avoided:*")
# What calls waited for the pools, and how many of their slots are used by that.
PACES: Final = ("pace:*", "pace-*")
# A region as the control plane uses it: calls, media processes, numbers, what was answered, what
# waits for the recorder, pools.
REGION: Final = (
    *("call:*", "media:*", "route:*", "carrier:*", "moved:*", "ended:*"),
    *("events*", "webhooks*", *LEASES, *PACES, "held:*", "pools", "pools:number", "prefixes*"),
)
POOLS_CHANNEL: Final = "pools"
# Of a region the media plane reads the plans and the pools and writes what its own calls come to.
MEDIA_READS: Final = (media_link.plan_key("*"), "pools")
MEDIA_WRITES: Final = (
    media_link.stream_key("*"),
    media_link.epoch_key("*"),
    media_link.ended_key("*"),
    media_link.conversation_key("*"),
    media_link.worker_key("*"),
    *LEASES,
    *PACES,
)
MEDIA_APPENDS: Final = (media_link.EVENTS_STREAM,)
# The recorder drains two streams; with a call end its slots, its plan and what was said.
RECORDER_READS: Final = (media_link.plan_key("*"), "carrier:*")
RECORDER_WRITES: Final = ("events*", "webhooks*", *LEASES, media_link.ended_key("*"))
RECORDER_DELETES: Final = (media_link.plan_key("*"), media_link.conversation_key("*"))

# Nothing that shows other planes' keys by name, or speaks to the server itself.
_ORDINARY: Final = (
    *("-@all", "+@read", "+@write", "+@connection", "+@transaction", "+@pubsub", "+@scripting"),
    *("-@admin", "-@dangerous", "-scan", "-randomkey", "-dbsize", "-script", "-function"),
    *("+script|load", "+script|exists", "+time"),
)
_CONNECTING: Final = (
    *("-@all", "+auth", "+hello", "+ping", "+select", "+reset", "+quit"),
    *("+client|setinfo", "+client|setname", "+client|id", "+client|no-evict"),
    *("+multi", "+exec", "+discard", "+watch", "+unwatch"),
)
_MEDIA: Final = (
    *(*_CONNECTING, "+get", "+set", "+del", "+exists", "+incr", "+expire", "+eval"),
    *("+sadd", "+srem", "+subscribe", "+unsubscribe", "+time", "+pttl", "+pexpire"),
    *("+zadd", "+zscore", "+zrem", "+zcard", "+zcount", "+zrange", "+zrangebyscore"),
    *("+hget", "+hset", "+hsetnx", "+hdel", "+hexists", "+hlen", "+hkeys", "+hvals", "+hincrby"),
)
_RECORDER: Final = (
    *(
        *_MEDIA,
        "+xadd",
        "+xreadgroup",
        "+xgroup|create",
        "+xack",
        "+xautoclaim",
        "+xpending",
        "+xdel",
    ),
    *("+xtrim", "+xlen", "+xrange", "+xinfo|groups", "+xinfo|consumers", "+publish"),
)


@dataclass(frozen=True, slots=True)
class Access:
    """What one plane may do: read and write keys, read them only, append to them only, delete them
    only, speak on channels, and by which commands.
    """

    keys: tuple[str, ...]
    commands: tuple[str, ...]
    reads: tuple[str, ...] = ()
    appends: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


ACCESS: Final[Mapping[Plane, Access]] = {
    "web": Access(
        (*CACHE, *API_LIMITS, *REGION), _ORDINARY, channels=(*LIVE_CHANNELS, POOLS_CHANNEL)
    ),
    "jobs": Access(
        (*BROKER, *REGION),
        _ORDINARY,
        channels=(*BROKER_CHANNELS, *LIVE_CHANNELS, POOLS_CHANNEL),
    ),
    "recorder": Access(
        RECORDER_WRITES,
        _RECORDER,
        reads=RECORDER_READS,
        deletes=RECORDER_DELETES,
        channels=LIVE_CHANNELS,
    ),
    "media": Access(
        MEDIA_WRITES,
        _MEDIA,
        reads=MEDIA_READS,
        appends=MEDIA_APPENDS,
        channels=(POOLS_CHANNEL,),
    ),
    # A person at the command line does what web and jobs do.
    "commands": Access(
        (*CACHE, *BROKER, *REGION),
        _ORDINARY,
        channels=(*BROKER_CHANNELS, *LIVE_CHANNELS, POOLS_CHANNEL),
    ),
}


def rules(plane: Plane, *, databases: Iterable[int] = ()) -> tuple[str, ...]:
    """One plane's rights, as the words of an ACL rule.

    `databases` keeps it to numbered ones, which Valkey understands from 9.1 on.
    """
    access = ACCESS[plane]
    numbers = ",".join(str(number) for number in sorted(databases))
    only = f" db={numbers}" if numbers else ""
    return (
        "resetkeys",
        *(f"~{pattern}" for pattern in access.keys),
        *(f"%R~{pattern}" for pattern in access.reads),
        "resetchannels",
        *(f"&{pattern}" for pattern in access.channels),
        *access.commands,
        *only.split(),
        *(f"(-@all +xadd %W~{stream}{only})" for stream in access.appends),
        *(f"(-@all +del %W~{pattern}{only})" for pattern in access.deletes),
    )


def user(name: str, plane: Plane, *, password: str, databases: Iterable[int] = ()) -> str:
    """The ACL file's line of one user, the password as its digest."""
    digest = hashlib.sha256(password.encode()).hexdigest()
    return " ".join(("user", name, "reset", "on", f"#{digest}", *rules(plane, databases=databases)))


# Who signs in without a name may do nothing.
NOBODY: Final = "user default reset off"


def main() -> None:
    """Print an ACL file for a server that holds all planes' keys, to be filled in."""
    sys.stdout.write(f"{NOBODY}\n")
    for plane in PLANES:
        words = ("user", plane, "reset", "on", f">PASSWORD-OF-{plane.upper()}", *rules(plane))
        sys.stdout.write(" ".join(words) + "\n")


if __name__ == "__main__":
    main()
