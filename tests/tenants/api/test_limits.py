"""Requests are counted for each key and each company, and an answer says where one stands."""

from collections.abc import Iterator
from typing import Any

import pytest

from tenants.api import limits
from tenants.context import as_control, as_tenant
from tenants.keys.actions import create_api_key
from tenants.models import Tenant
from tenants.types import PricingPlan
from tests.tenants.keys.conftest import api
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
KEYS = "/api/v1/keys"
NOWHERE = "redis://127.0.0.1:1/1"


@pytest.fixture(autouse=True)
def counted_afresh() -> Iterator[None]:
    """Nobody has asked for anything yet, and Redis was never away."""
    forget()
    yield
    forget()


def forget() -> None:
    limits._in_redis.cache_clear()
    limits._in_this_process.cache_clear()
    limits._redis_away.answered()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan of three requests for a key and five for the company."""
    monkeypatch.setattr(limits, "QUOTAS", {PricingPlan.TRIAL: limits.Quota(key=3, tenant=5)})


def made(tenant_id: TenantId) -> Any:
    with as_tenant(tenant_id):
        return api(create_api_key("test").secret)


def test_an_answer_says_where_the_limits_stand(rivertown: TenantId) -> None:
    """As draft-ietf-httpapi-ratelimit-headers-10 writes it; a refusal too."""
    client, quota = made(rivertown), limits.QUOTAS[PricingPlan.TRIAL]
    for path, left in ((KEYS, 1), ("/api/v1/calls?nonsense=1", 2)):
        answer = client.get(path)
        assert answer["RateLimit-Policy"] == (
            f'"key";q={quota.key};w=60, "tenant";q={quota.tenant};w=60'
        )
        key, tenant = answer["RateLimit"].split(", ")
        assert key.startswith(f'"key";r={quota.key - left};t=')
        assert tenant.startswith(f'"tenant";r={quota.tenant - left};t=')


def test_a_key_that_asks_too_often_is_told_when_to_come_again(
    small: None, rivertown: TenantId
) -> None:
    """Another one of the company may go on, until the company's own limit."""
    first, second = made(rivertown), made(rivertown)
    assert [first.get(KEYS).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = first.get(KEYS)
    assert (refused["Content-Type"], refused.json()["code"]) == (
        "application/problem+json",
        "rate_limited",
    )
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"].startswith('"key";r=0;t=')
    assert [second.get(KEYS).status_code for _ in range(2)] == [200, 200]
    assert "by this company" in second.get(KEYS).json()["detail"]


def test_one_company_is_not_counted_with_another(
    small: None, rivertown: TenantId, lakeside: TenantId
) -> None:
    """Whatever the first does."""
    busy, quiet = made(rivertown), made(lakeside)
    for _ in range(5):
        busy.get(KEYS)
    assert quiet.get(KEYS).status_code == 200


def test_a_larger_plan_may_ask_more_often(rivertown: TenantId) -> None:
    """From the next request on."""
    client = made(rivertown)
    with as_control():
        Tenant.objects.filter(slug="rivertown").update(plan=PricingPlan.SCALE)
    quota = limits.QUOTAS[PricingPlan.SCALE]
    assert f'"key";q={quota.key};w=60' in client.get(KEYS)["RateLimit-Policy"]


def test_while_redis_is_away_each_process_counts_for_itself(
    small: None, settings: Any, rivertown: TenantId
) -> None:
    """Nobody is refused for our fault, and nobody floods us meanwhile."""
    caches = {"default": settings.CACHES["default"] | {"LOCATION": NOWHERE}}
    settings.CACHES = caches
    client = made(rivertown)
    assert [client.get(KEYS).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_limits_can_be_left_to_a_gateway(settings: Any, small: None, rivertown: TenantId) -> None:
    """Then nothing is counted and nothing said."""
    settings.API_LIMITS = False
    client = made(rivertown)
    answers = [client.get(KEYS) for _ in range(6)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[-1]
