"""Regions by code, and where each one's Redis is."""

from typing import NewType
from urllib.parse import parse_qsl, urlencode, urlsplit

from warmline.kernel import configuration
from warmline.kernel.errors import ConfigurationError

RegionCode = NewType("RegionCode", str)


def redis_urls() -> dict[RegionCode, str]:
    """Each region's own Redis (WARMLINE_REGIONS_REDIS: a JSON object from region code to URL)."""
    return {RegionCode(code): url for code, url in configuration.REGIONS_REDIS.value().items()}


def redis_url(region: RegionCode) -> str:
    """The Redis of one region; a region that is not configured is a `ConfigurationError`."""
    urls = redis_urls()
    if region not in urls:
        known = ", ".join(sorted(urls)) or "none"
        raise ConfigurationError(
            f"region {region!r} has no Redis in WARMLINE_REGIONS_REDIS (configured: {known})"
        )
    return urls[region]


def database_number(url: str) -> int:
    """The numbered database that an address names: 0 unless it says otherwise."""
    parts = urlsplit(url)
    path = "" if parts.scheme == "unix" else parts.path.strip("/")
    return int(dict(parse_qsl(parts.query)).get("db") or path or 0)


def redis_database(url: str, number: int) -> str:
    """The same server and options, another numbered database: /N, or ?db=N for a Unix socket."""
    parts = urlsplit(url)
    options = [(key, value) for key, value in parse_qsl(parts.query) if key != "db"]
    path = f"/{number}"
    if parts.scheme == "unix":
        path = parts.path
        options.insert(0, ("db", str(number)))
    query = f"?{urlencode(options, safe='/')}" if options else ""
    return f"{parts.scheme}://{parts.netloc}{path}{query}"
