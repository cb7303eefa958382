"""What the platform's operator sees of pools, in a real browser; nobody else sees them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from dashboard.pools.cards import HEIGHT, WIDTH, stepped
from inference import models
from inference.fleet import actions, replica_actions
from inference.fleet.history.pool_history import HistoryPoint, PoolHistory, pool_histories
from inference.fleet.replica_states import ReplicaEvent
from inference.warming import record
from tenants.actions import create_user
from tenants.context import as_control
from tenants.types import MemberRole
from tests.browser.conftest import PASSWORD
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
THINK = "us-east/think/frontdesk"


@pytest.fixture
def a_replicas_life(db: None, empty_valkey: str) -> None:
    """One replica that became warm, and a second one that was wanted later and failed."""
    actions.ensure_regions()
    with as_control():
        pool = models.Pool.objects.get(name=THINK)
        models.PoolDecision.objects.create(
            pool=pool,
            desired=1,
            because="baseline 1",
            layers=[{"layer": "baseline", "want": 1, "because": "baseline 1"}],
        )
        first = replica_actions.order_replica(pool, provisioner="local", because="baseline 1")
        move(first, "start", "listen", "primed")
        replica_actions.note_start_failed(pool, because="no memory")
        minute = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=5)
        record.note_minute(pool, minute=minute, calls=3, held=8)
        models.PoolMinute.objects.update(expected=24.0)


def test_an_operator_sees_every_pool_and_why(
    browser: Browser, site: str, a_replicas_life: None
) -> None:
    """Wanted, warm, and the layer that decided."""
    create_user("operator@example.org", password=PASSWORD, is_staff=True)
    page = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/")
    page.get_by_label("E-mail").fill("operator@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    card = page.get_by_role("region", name=THINK)
    expect(card).to_contain_text("for calls")
    expect(card).to_contain_text("warm 0/16")
    expect(card).to_contain_text("1 starts failed")
    card.get_by_text("Why").click()
    expect(card.get_by_role("cell", name="baseline 1").first).to_be_visible()
    expect(page.get_by_role("region")).to_have_count(6)
    with as_control():
        replica_actions.move_replica(models.Replica.objects.get(), "fail", because="it died")
    expect(card).to_contain_text("no replica", timeout=15_000)
    expect(card.get_by_role("cell", name="baseline 1").first).to_be_visible()


@pytest.fixture
def starts_and_sleep(a_replicas_life: None) -> None:
    """The warm replica knows its stages, one loads,
    and one sleeps while a smaller model uses its card.
    """
    with as_control():
        pool = actions.set_pool(THINK, gpu="gpu-0", max_asleep=1)
        warm = models.Replica.objects.get()
        stages_s = {"prime": 0.42, "engine": 8.31, "import": 3.1, "listen": 14.9, "weights": 1.25}
        replica_actions.note_replica(warm, stages_s=stages_s)
        loads = replica_actions.order_replica(
            pool, provisioner="local", because="9 of 16 slots held"
        )
        move(loads, "start", "load")
        replica_actions.note_replica(loads, stages_s={"import": 3.3, "configure": 2.0})
        sleeper = replica_actions.order_replica(
            pool, provisioner="local", because="9 of 16 slots held"
        )
        move(sleeper, "start", "listen", "primed", "drain", "sleep")
        small = actions.add_pool("us-east", "think", "small", purpose="stand_in", gpu="gpu-0")
        move(
            replica_actions.order_replica(small, provisioner="local", because="baseline 1"),
            "start",
            "listen",
            "primed",
        )


def move(replica: models.Replica, *events: ReplicaEvent) -> None:
    """Through its life, one event after another."""
    for event in events:
        replica_actions.move_replica(replica, event, because=f"it did {event}")


def test_an_operator_sees_how_far_starts_are_and_who_uses_a_sleepers_card(
    browser: Browser, site: str, starts_and_sleep: None
) -> None:
    """The stages of a start that goes on at once, those of warm ones on demand."""
    create_user("operator@example.org", password=PASSWORD, is_staff=True)
    page = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/")
    page.get_by_label("E-mail").fill("operator@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    card = page.get_by_role("region", name=THINK)
    expect(card).to_contain_text("import 3.3 s, configure 2.0 s")
    expect(card).to_contain_text("asleep, card in use 0/16")
    expect(card).to_contain_text("gpu-0, used by us-east/think/small")
    card.get_by_text("Why").click()
    expect(card).to_contain_text("while another pool used their card")
    stages = card.get_by_role("table", name="Seconds of each stage")
    expect(stages.get_by_role("columnheader")).to_have_text(
        ["replica", "state", "import", "configure", "weights", "engine", "listen", "prime"]
    )
    expect(stages.get_by_role("row").nth(1).get_by_role("cell").nth(5)).to_have_text("8.31")


def test_a_member_of_a_company_does_not_see_the_platforms_pools(
    sign_in: Callable[[TenantId, MemberRole], object], client: Client, plumber: TenantId
) -> None:
    """403, whatever the role."""
    user = create_user("admin@example.org", password=PASSWORD)
    client.force_login(user)
    assert client.get("/pools/").status_code == 403
    assert Client().get("/pools/")["Location"].startswith("/sign-in")


def history(*, since: datetime) -> PoolHistory:
    """The think pool's."""
    return pool_histories(since=since)[THINK]


def test_a_history_begins_with_what_stood_then(a_replicas_life: None) -> None:
    """A replica that was warm before the window counts from its left edge."""
    later = clock.now() + timedelta(hours=1)
    went = history(since=later)
    assert [moment.count for moment in went.desired] == [1]
    assert [moment.count for moment in went.warm] == [0, 1]
    assert went.warm[1].at == later
    went = history(since=later - timedelta(hours=2))
    assert [moment.count for moment in went.desired] == [0, 1]
    assert [moment.count for moment in went.warm] == [0, 1]
    assert [moment.count for moment in went.filled] == [8 / 16]
    assert [moment.count for moment in went.expected] == [24 / 16]
    assert went.expected[0].at - went.filled[0].at == timedelta(seconds=45)


def test_a_stepped_line_stays_until_the_next_moment() -> None:
    """Never a slope: between two moments nothing changed."""
    begins = clock.now()
    half = begins + timedelta(hours=3)
    path = stepped(
        [HistoryPoint(begins, 1), HistoryPoint(half, 2)],
        begins=begins,
        ends=begins + timedelta(hours=6),
        most=2,
    )
    assert path == f"M0.0 {HEIGHT / 2}L{WIDTH / 2} {HEIGHT / 2}L{WIDTH / 2} 0.0L{WIDTH} 0.0"
