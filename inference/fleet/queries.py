"""Reads of regions, pools and replicas."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final, cast

import msgspec
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from inference import models
from inference.fleet.ledger import USES_CARD
from inference.fleet.replica_states import IN_TRANSIT, OVER, in_order
from inference.fleet.roundtrips import Measured, comparable
from inference.types import PURPOSES, Place, Pool, Region, Replica, ReplicaState, Snapshot
from inference.warming.policy import Policy, parse_policy
from inference.warming.staffing import Share
from tenants.context import CONTROL, acts_as_control
from warmline.kernel import clock, roles
from warmline.kernel.call import Purpose
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

# What was seen of a pool is trusted for so long.
LATELY: Final = timedelta(minutes=2)
# The first among the largest wishes won, as in `inference.warming.policy.decide`.
_WINNERS: Final = """
SELECT pool.name, (
    SELECT wish ->> 'layer' FROM jsonb_array_elements(made.layers) WITH ORDINALITY AS wishes(wish, number)
    ORDER BY (wish ->> 'want')::integer DESC, number LIMIT 1
) AS layer, count(*)
FROM inference_pooldecision AS made JOIN inference_pool AS pool ON pool.id = made.pool_id
WHERE made.layers <> '[]'
GROUP BY pool.name, layer
"""


def _alias() -> str:
    return CONTROL if acts_as_control() else DEFAULT_DB_ALIAS


def fixed_url(pool: models.Pool) -> str:
    """The endpoint that stands for a pool, or nothing:
    its own, or WARMLINE_THINK_URL for every think pool.
    """
    return pool.fixed_url or (str(settings.LLM_URL) if pool.role == roles.LLM else "")


def has_own(pool: models.Pool) -> bool:
    """Whether a pool of its region and role is meant for calls."""
    return models.Pool.objects.filter(
        region=pool.region_id, role=pool.role, purpose="calls"
    ).exists()


def pool_names() -> tuple[str, ...]:
    """All pools, in the order of their definition: the order in which they are warmed."""
    return tuple(models.Pool.objects.order_by("id").values_list("name", flat=True))


def pools_to_learn(*, fitted_before: datetime) -> list[models.Pool]:
    """Pools whose forecast is older than that, and those without one."""
    return list(models.Pool.objects.exclude(fit__at__gte=fitted_before).order_by("id"))


def handled() -> list[models.Replica]:
    """All replicas that are not over and that a provisioner was asked for."""
    return list(models.Replica.objects.exclude(state__in=OVER).exclude(handle=""))


def asleep(pool: models.Pool) -> int:
    """How many of its replicas sleep."""
    return models.Replica.objects.filter(pool=pool, state="asleep").count()


def policy_of(pool: models.Pool) -> Policy:
    """What the operator wants of a pool, checked; `PolicyError` says what contradicts itself."""
    return parse_policy(
        baseline=pool.baseline,
        maximum=pool.maximum,
        target_occupancy=pool.target_occupancy,
        schedule=pool.schedule,
        cold_call_price=pool.cold_call_price,
        class_replicas=pool.class_replicas,
    )


def living(pool: models.Pool) -> list[models.Replica]:
    """A pool's replicas that are neither stopped nor failed, oldest first."""
    return list(
        models.Replica.objects.filter(pool=pool).exclude(state__in=OVER).order_by("created_at")
    )


def numbers_taken(pool: models.Pool) -> set[int]:
    """The numbers of the living replicas of the pool's region and role, whatever their model."""
    near = models.Replica.objects.filter(pool__region_id=pool.region_id, pool__role=pool.role)
    return set(near.exclude(state__in=OVER).values_list("number", flat=True))


def snapshot() -> Snapshot:
    """All of it as it is committed now, numbered by the database's clock in microseconds."""
    with connections[_alias()].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at = cast("datetime", cursor.fetchone()[0])
    rows = (
        models.Replica.objects.exclude(state__in=OVER).select_related("pool").order_by("created_at")
    )
    held = held_slots(at=at)
    regions = tuple(_region(row) for row in models.Region.objects.order_by("code"))
    return Snapshot(
        number=int(at.timestamp() * 1e6),
        at=at,
        regions=regions,
        pools=tuple(
            _pool(row, held=held.get(row.name, 0)) for row in models.Pool.objects.order_by("id")
        ),
        replicas=tuple(_replica(row) for row in rows),
        round_trips_ms=comparable(measured_round_trips(), regions),
    )


def measured_round_trips() -> tuple[Measured, ...]:
    """What the last days' calls measured between each region and the carrier,
    by their callers' number prefix.
    """
    return tuple(
        Measured(row.prefix, RegionCode(row.region_id), row.ms, row.calls)
        for row in models.RoundTrip.objects.all()
    )


def _region(row: models.Region) -> Region:
    return Region(
        RegionCode(row.code), Place(row.label, row.latitude, row.longitude), row.residency
    )


def held_slots(*, at: datetime, pool: str | None = None) -> dict[str, int]:
    """Leased slots by pool, as the warmer has lately seen them:
    the most of the latest minute that it has looked at.
    """
    minutes = models.PoolMinute.objects.filter(minute__gte=at - LATELY, minute__lte=at)
    if pool is not None:
        minutes = minutes.filter(pool__name=pool)
    return dict(minutes.order_by("minute").values_list("pool__name", "held_peak"))


def expected_slots() -> dict[str, float]:
    """Slots expected one start from now, by pool, as at its latest turn;
    pools without a forecast are left out.
    """
    rows = models.PoolFit.objects.filter(expected_at__gte=clock.now() - LATELY).values_list(
        "pool__name", "expected"
    )
    return {name: msgspec.convert(expected, Share).expected.mean for name, expected in rows}


def _pool(row: models.Pool, *, held: int) -> Pool:
    return Pool(
        region=RegionCode(row.region_id),
        role=cast("Role", row.role),
        model=row.model,
        slots=row.slots,
        fixed_url=fixed_url(row) or None,
        first_word_ms=row.first_word_ms,
        start_s=row.start_s,
        want=row.want,
        because=row.because,
        purpose=cast("Purpose", row.purpose),
        held=held,
    )


def _replica(row: models.Replica) -> Replica:
    return Replica(
        id=ReplicaId(str(row.id)),
        pool=row.pool.name,
        region=RegionCode(row.pool.region_id),
        role=cast("Role", row.pool.role),
        model=row.pool.model,
        base_url=row.base_url,
        state=cast("ReplicaState", row.state),
        slots=row.pool.slots,
        since=row.state_at,
        busy=row.busy,
    )


class ColdStart(msgspec.Struct, frozen=True):
    """One start that became warm: seconds from the order to warm, and those of its stages."""

    pool: str
    replica: str
    at: datetime
    total_s: float
    stages_s: dict[str, float]


def cold_starts(*, pool: str | None = None, last: int = 20) -> tuple[ColdStart, ...]:
    """The latest starts that became warm, newest first, by the steps that were kept."""
    rows = models.Replica.objects.exclude(provisioner="fixed")
    if pool is not None:
        rows = rows.filter(pool__name=pool)
    rows = rows.annotate(
        begun=Min("steps__at", filter=Q(steps__state="cold")),
        warmed=Min("steps__at", filter=Q(steps__state="warm")),
    ).filter(warmed__isnull=False)
    newest = cast("Iterable[Any]", rows.select_related("pool").order_by("-warmed")[:last])
    return tuple(
        ColdStart(
            pool=row.pool.name,
            replica=str(row.id),
            at=row.begun,
            total_s=round((row.warmed - row.begun).total_seconds(), 2),
            stages_s=dict(row.stages_s),
        )
        for row in newest
    )


def usual_start_s(pool: models.Pool) -> float:
    """What a start of this pool takes:
    the median of its last five, or the row's present figure without any.
    """
    starts = cold_starts(pool=pool.name, last=5)
    return median(start.total_s for start in starts) if starts else pool.start_s


class PoolLine(msgspec.Struct, frozen=True):
    """A pool as an operator reads it: wanted, by state, leases held, and why."""

    pool: Pool
    replicas: tuple[Replica, ...]
    failures: int
    retry_at: datetime | None
    has_own: bool  # whether a pool of its region and role is meant for calls
    card: str = ""
    card_users: tuple[str, ...] = ()  # the other pools of its card that work on it now
    # by replica, the seconds of each stage of its start
    stages_s: Mapping[str, Mapping[str, float]] = {}

    def told(self, replica: Replica) -> str:
        """A replica's state as the ledger tells it:
        asleep while another pool uses its card is one of its own.
        """
        return "asleep_shared" if replica.state == "asleep" and self.card_users else replica.state

    @property
    def purpose(self) -> str:
        """What it is to a call's ladder, in a word."""
        return PURPOSES[self.pool.purpose]

    def count(self, state: str) -> int:
        """Replicas in a state."""
        return sum(1 for replica in self.replicas if replica.state == state)

    @property
    def in_transit(self) -> int:
        """Replicas on their way to warm."""
        return sum(1 for replica in self.replicas if replica.state in IN_TRANSIT)


def cards() -> dict[str, str]:
    """The card of each pool that names one, region and all:
    cards of two regions are never the same.
    """
    named = models.Pool.objects.exclude(card="").values_list("name", "region_id", "card")
    return {name: f"{region}/{card}" for name, region, card in named}


def pool_lines() -> tuple[PoolLine, ...]:
    """Every pool with its living replicas, in the order of their definition."""
    now = snapshot()
    rows = {row.name: row for row in models.Pool.objects.all()}
    own = {(pool.region, pool.role) for pool in now.pools if pool.purpose == "calls"}
    stages = {
        str(each.pk): in_order(each.stages_s)
        for each in models.Replica.objects.exclude(state__in=OVER)
    }
    known, working = (
        cards(),
        {replica.pool for replica in now.replicas if replica.state in USES_CARD},
    )
    return tuple(
        PoolLine(
            pool=pool,
            replicas=tuple(replica for replica in now.replicas if replica.pool == pool.name),
            failures=rows[pool.name].failures,
            retry_at=rows[pool.name].retry_at,
            has_own=(pool.region, pool.role) in own,
            card=rows[pool.name].card,
            card_users=tuple(
                other
                for other in sorted(working - {pool.name})
                if pool.name in known and known[pool.name] == known.get(other)
            ),
            stages_s={
                each.id: stages.get(each.id, {}) for each in now.replicas if each.pool == pool.name
            },
        )
        for pool in now.pools
        if pool.name in rows
    )


class Moment(msgspec.Struct, frozen=True):
    """From this moment on it is so many."""

    at: datetime
    count: float


class Course(msgspec.Struct, frozen=True):
    """How a pool went, in replicas: wanted, warm, filled by calls at each minute's peak, and
    expected to be filled.

    Each count holds from its moment to the next one.
    """

    want: tuple[Moment, ...]
    warm: tuple[Moment, ...]
    filled: tuple[Moment, ...]
    expected: tuple[Moment, ...]


class Decided(msgspec.Struct, frozen=True):
    """A decision that changed how many are wanted, with each layer's own wish."""

    at: datetime
    want: int
    because: str
    layers: tuple[dict[str, Any], ...]


def decisions(pool: str, *, last: int = 6) -> tuple[Decided, ...]:
    """A pool's latest changes of mind, newest first."""
    rows = models.PoolDecision.objects.filter(pool__name=pool).order_by("-id")[:last]
    return tuple(Decided(row.at, row.want, row.because, tuple(row.layers)) for row in rows)


def decisions_by_layer() -> dict[str, dict[str, int]]:
    """How many decisions changed what a pool wants, by its name and the layer whose wish won."""
    found: dict[str, dict[str, int]] = {}
    with connections[_alias()].cursor() as cursor:
        cursor.execute(_WINNERS)
        for pool, layer, count in cursor.fetchall():
            found.setdefault(pool, {})[layer] = count
    return found


def course(pool: str, *, since: datetime) -> Course:
    """What was wanted and what was warm since a moment; each begins with what stood then."""
    made = models.PoolDecision.objects.filter(pool__name=pool)
    before = made.filter(at__lt=since).order_by("-id").first()
    want = [Moment(since, before.want if before else 0)]
    want += [Moment(row.at, row.want) for row in made.filter(at__gte=since).order_by("id")]
    changes: list[tuple[datetime, int]] = []
    steps = models.ReplicaStep.objects.filter(replica__pool__name=pool).filter(
        Q(at__gte=since) | Q(replica__in=_alive_at(pool, since))
    )
    state: dict[Any, str] = {}
    for step in steps.order_by("at", "id").values("replica_id", "state", "at"):
        was, now = state.get(step["replica_id"], ""), step["state"]
        state[step["replica_id"]] = now
        if (was == "warm") != (now == "warm"):
            changes.append((max(step["at"], since), 1 if now == "warm" else -1))
    warm, count = [Moment(since, 0)], 0
    for at, by in changes:
        count += by
        warm.append(Moment(at, count))
    filled, expected = _demand(models.Pool.objects.get(name=pool), since=since)
    return Course(tuple(want), tuple(warm), filled, expected)


def _demand(pool: models.Pool, *, since: datetime) -> tuple[tuple[Moment, ...], tuple[Moment, ...]]:
    """Slots held and slots expected, as replicas;
    an expectation stands where it was meant for, one start later.
    """
    rows = list(models.PoolMinute.objects.filter(pool=pool, minute__gte=since).order_by("minute"))
    start = timedelta(seconds=pool.start_s)
    filled = tuple(Moment(row.minute, row.held_peak / pool.slots) for row in rows)
    expected = [
        Moment(row.minute + start, row.expected / pool.slots)
        for row in rows
        if row.expected is not None
    ]
    return filled, tuple(expected)


def _alive_at(pool: str, at: datetime) -> QuerySet[models.Replica]:
    """Replicas made before a moment that were not over by then."""
    over = models.ReplicaStep.objects.filter(replica=OuterRef("pk"), state__in=OVER, at__lt=at)
    return models.Replica.objects.filter(pool__name=pool, created_at__lt=at).exclude(Exists(over))
