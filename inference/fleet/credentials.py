"""Keys of the endpoints that somebody else runs: from the environment only, never in rows, plans,
events or logs.

And the name by which WARMLINE_THINK_URL knows its model.

WARMLINE_POOL_KEYS is a JSON object from a pool's name to its key. WARMLINE_THINK_KEY belongs to
WARMLINE_THINK_URL, and where that is not told here, to every fixed think endpoint without a key of
its own.
"""

from warmline.kernel import configuration, roles


def key_of(pool: str, base_url: str) -> str | None:
    """The key that a fixed endpoint's requests carry, or None.

    It is never shown to another provider's address.
    """
    own = configuration.POOL_KEYS.value().get(pool)
    if own is not None:
        return own or None
    if pool.split("/")[1:2] != [roles.LLM]:
        return None
    meant_for = configuration.THINK_URL.value()
    if meant_for and _bare(meant_for) != _bare(base_url):
        return None
    return configuration.THINK_KEY.value() or None


def model_at(base_url: str, model: str) -> str:
    """The model's name at an endpoint: WARMLINE_THINK_MODEL at WARMLINE_THINK_URL, else its own."""
    meant_for = configuration.THINK_URL.value()
    if not meant_for or _bare(meant_for) != _bare(base_url):
        return model
    return configuration.THINK_MODEL.value() or model


def bearer(key: str | None) -> dict[str, str]:
    """The header that carries a key; without one, nothing."""
    return {"Authorization": f"Bearer {key}"} if key else {}


def _bare(url: str) -> str:
    return url.rstrip("/").removesuffix("/v1").rstrip("/")
