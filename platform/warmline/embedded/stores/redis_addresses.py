"""Where each plane's processes find Redis: its own credential, and what is open to it there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from warmline.embedded.credentials import Credentials, with_redis_passwords
from warmline.embedded.home import Home
from warmline.embedded.stores import valkey
from warmline.kernel import configuration
from warmline.kernel.regions import database_number, redis_database
from warmline.redis_users import BROKER_DATABASE, LIVE_DATABASE, PLANES, Plane


@dataclass(frozen=True, slots=True)
class RedisAddresses:
    """Where a process finds Redis, by its plane; the media plane by its region too."""

    _planes: Mapping[Plane, Mapping[str, str]]
    _media: Mapping[str, Mapping[str, str]]

    def of(self, plane: Plane) -> Mapping[str, str]:
        """The settings of a process of the control plane."""
        return self._planes[plane]

    def of_media(self, region: str) -> Mapping[str, str]:
        """The settings of a region's media process, which knows no other region."""
        return self._media[region]


def valkey_users(
    home: Home, secrets: Credentials, *, regions: tuple[str, ...]
) -> dict[str, valkey.ValkeyUser]:
    """A user for each plane, and one for each region's media, with the databases that it needs."""
    numbers = _numbers(regions)
    of_regions = frozenset(numbers.values())
    open_to: dict[Plane, frozenset[int]] = {
        "web": of_regions | {LIVE_DATABASE},
        "jobs": of_regions | {BROKER_DATABASE, LIVE_DATABASE},
        "recorder": of_regions | {LIVE_DATABASE},
        "commands": of_regions | {BROKER_DATABASE, LIVE_DATABASE},
    }
    wanted: dict[str, tuple[Plane, frozenset[int]]] = {
        plane: (plane, open_to[plane]) for plane in PLANES if plane in open_to
    }
    for region, number in numbers.items():
        wanted[_media_user(region)] = ("media", frozenset({number}))
    passwords = with_redis_passwords(home, secrets, users=wanted).redis_passwords
    return {
        name: valkey.ValkeyUser(name, plane, passwords[name], databases)
        for name, (plane, databases) in wanted.items()
    }


def _media_user(region: str) -> str:
    return f"media-{region}"


def _numbers(regions: tuple[str, ...]) -> dict[str, int]:
    """Each region's numbered database of the one server."""
    return {
        region: number for number, region in enumerate(regions, start=valkey.FIRST_REGION_DATABASE)
    }


def embedded_redis(
    home: Home, users: Mapping[str, valkey.ValkeyUser], *, regions: tuple[str, ...]
) -> RedisAddresses:
    """The embedded server, with each plane's own credential."""
    numbers = _numbers(regions)

    def at(user: str, *only: str) -> dict[str, str]:
        urls = {
            region: valkey.url(home, database=numbers[region], user=users[user]) for region in only
        }
        return {configuration.REGIONS_REDIS.name: _given_regions() or json.dumps(urls)}

    def of_plane(plane: Plane) -> dict[str, str]:
        own = valkey.url(home, database=BROKER_DATABASE, user=users[plane])
        return {configuration.REDIS_URL.name: own, **at(plane, *regions)}

    return RedisAddresses(
        {plane: of_plane(plane) for plane in PLANES if plane in users},
        {region: at(_media_user(region), region) for region in regions},
    )


def given_redis(redis_url: str, *, regions: tuple[str, ...]) -> RedisAddresses:
    """The operator's own server, with the one credential that its address has."""
    own = database_number(redis_url)
    urls = {
        region: redis_database(redis_url, own + number)
        for region, number in _numbers(regions).items()
    }
    of_regions = {configuration.REGIONS_REDIS.name: _given_regions() or json.dumps(urls)}
    everybody = {configuration.REDIS_URL.name: redis_url, **of_regions}
    return RedisAddresses(dict.fromkeys(PLANES, everybody), dict.fromkeys(regions, of_regions))


def _given_regions() -> str | None:
    """Each region's own server as the operator gave it."""
    return configuration.REGIONS_REDIS.text()
