"""HTTP to replicas and providers' endpoints, as the warmer speaks it."""

import ssl
from collections.abc import Mapping
from functools import cache

import httpx


def replica_client(
    base_url: str,
    *,
    timeout: float | httpx.Timeout,
    headers: Mapping[str, str] | None = None,
    params: str = "",
) -> httpx.Client:
    """A client for one address, past any proxy of this machine; to be closed by its user."""
    return httpx.Client(
        base_url=base_url,
        params=params,
        timeout=timeout,
        headers=headers,
        trust_env=False,
        verify=_tls(),
    )


@cache
def _tls() -> ssl.SSLContext:
    # Read once a process: httpx reads all certificates for each client, 29 ms of a core, which
    # was two thirds of what the jobs of an idle machine cost (six probes every five seconds).
    return httpx.create_ssl_context(trust_env=False)
