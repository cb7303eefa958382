"""Keys of endpoints that somebody else runs: each to its own address, and to nobody else."""

import json

import pytest

from inference.fleet.credentials import bearer, key_of, model_at

OPENAI, OTHER = "https://api.example.com/v1", "https://elsewhere.example.org"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool with a key of its own, and the key that belongs to WARMLINE_THINK_URL."""
    monkeypatch.setenv(
        "WARMLINE_POOL_KEYS", json.dumps({"eu-west/think/gpt": "sk-gpt", "eu-west/think/open": ""})
    )
    monkeypatch.setenv("WARMLINE_THINK_URL", OPENAI)
    monkeypatch.setenv("WARMLINE_THINK_KEY", "sk-think")


@pytest.mark.parametrize(
    ("pool", "url", "expected"),
    [
        ("eu-west/think/gpt", OTHER, "sk-gpt"),
        ("us-east/think/frontdesk", "https://api.example.com", "sk-think"),
        ("us-east/think/frontdesk", OTHER, None),
        ("eu-west/think/open", OPENAI, None),
        ("us-east/speak/voice", OPENAI, None),
    ],
)
def test_an_endpoint_is_shown_its_own_key_only(
    keys: None, pool: str, url: str, expected: str | None
) -> None:
    """The pool's, else the one of that very address; a pool may be told to show none."""
    assert key_of(pool, url) == expected


def test_where_no_address_is_told_the_think_key_is_every_think_endpoints(
    keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that only knows the key."""
    monkeypatch.delenv("WARMLINE_THINK_URL")
    assert key_of("us-east/think/frontdesk", OTHER) == "sk-think"
    assert key_of("us-east/hear/ear", OTHER) is None


def test_the_model_has_another_name_at_that_address_only(
    keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no name is told, the pool's own."""
    assert model_at("https://api.example.com", "frontdesk") == "frontdesk"
    monkeypatch.setenv("WARMLINE_THINK_MODEL", "large-3")
    assert model_at("https://api.example.com", "frontdesk") == "large-3"
    assert model_at(OTHER, "frontdesk") == "frontdesk"


def test_without_a_key_no_header_is_sent() -> None:
    """Not an empty one either."""
    assert bearer(None) == bearer("") == {}
    assert bearer("sk-1") == {"Authorization": "Bearer sk-1"}
