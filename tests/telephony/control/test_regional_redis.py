"""Each region's Redis is asked in turn; one that is away costs one wait, not one a question."""

import json

import pytest
import redis

from telephony.control import regional_redis
from telephony.control.regional_redis import asking, first_answer, in_each_region, in_turn
from telephony.errors import RegionAway
from tests.telephony.conftest import EU, US, every_redis
from warmline.kernel.regions import RegionCode, redis_urls

NOWHERE = "unix:///nowhere.sock?db=0"


@pytest.fixture
def eu_is_away(empty_valkey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens at the Redis of eu-west."""
    monkeypatch.setenv("WARMLINE_REGIONS_REDIS", json.dumps({**redis_urls(), EU: NOWHERE}))


def test_the_first_answer_wins(empty_valkey: str) -> None:
    """A region that knows nothing lets the next one speak; one that knows is the last that is
    asked.
    """
    eu, us = every_redis()
    us.set("greeting", "hello")
    assert first_answer(lambda client: client.get("greeting")) == b"hello"
    eu.set("greeting", "good day")
    assert first_answer(lambda client: client.get("greeting")) == b"good day"
    assert first_answer(lambda client: client.get("farewell")) is None


def test_a_region_that_is_away_is_passed_over_and_asked_last(eu_is_away: None) -> None:
    """Until it is forgotten that it was."""
    assert in_turn() == [EU, US]
    assert first_answer(lambda client: client.ping()) is True
    assert regional_redis.backs_off(EU)
    assert in_turn() == [US, EU]
    regional_redis.forget_back_offs()
    assert in_turn() == [EU, US]


def test_nobodys_answer_is_none(eu_is_away: None) -> None:
    """Also of a region that is not configured here."""
    regions = [EU, RegionCode("ap-south")]
    assert first_answer(lambda client: client.ping(), regions=regions) is None


def test_what_is_done_in_each_region_is_done_where_it_can(eu_is_away: None) -> None:
    """A region that is away keeps it from no other."""
    in_each_region(lambda region, client: client.set("greeting", f"hello {region}"))
    assert first_answer(lambda client: client.get("greeting")) == b"hello us-east"


@pytest.mark.parametrize(
    ("region", "why"),
    [(EU, "its Redis is away (ConnectionError)"), ("ap-south", "no Redis is configured for it")],
)
def test_who_asks_one_region_is_told_why_it_is_away(
    eu_is_away: None, region: RegionCode, why: str
) -> None:
    """And an error of the asker's own stays what it is."""
    with pytest.raises(RegionAway) as error, asking(region) as client:
        client.ping()
    assert str(error.value) == why
    with pytest.raises(ValueError, match="our own"), asking(US):
        raise ValueError("our own")
    assert isinstance(regional_redis.client(US), redis.Redis)
