"""Reads of regions, pools and replicas."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, cast

import msgspec
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from inference import models
from inference.fleet.history.ledger import USES_GPU
from inference.fleet.pace import Pace
from inference.fleet.pace_store import known_paces
from inference.fleet.replica_states import IN_TRANSIT, OVER, in_order
from inference.fleet.roundtrips import MeasuredRoundTrip, comparable
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


def database() -> str:
    """The connection of the role that asks: the control role's own, or the app's."""
    return CONTROL if acts_as_control() else DEFAULT_DB_ALIAS


def fixed_url(pool: models.Pool) -> str:
    """The endpoint that stands for a pool: its own, or WARMLINE_THINK_URL for think; else empty."""
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
    with connections[database()].cursor() as cursor:
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


def measured_round_trips() -> tuple[MeasuredRoundTrip, ...]:
    """Round trips that the last days' calls measured, by the callers' number prefix and region."""
    return tuple(
        MeasuredRoundTrip(row.prefix, RegionCode(row.region_id), row.ms, row.calls)
        for row in models.RoundTrip.objects.all()
    )


def _region(row: models.Region) -> Region:
    return Region(
        RegionCode(row.code), Place(row.label, row.latitude, row.longitude), row.residency
    )


def held_slots(*, at: datetime, pool: str | None = None) -> dict[str, int]:
    """The most slots that were leased by pool, in the latest minute that the warmer looked at."""
    minutes = models.PoolMinute.objects.filter(minute__gte=at - LATELY, minute__lte=at)
    if pool is not None:
        minutes = minutes.filter(pool__name=pool)
    return dict(minutes.order_by("minute").values_list("pool__name", "held_peak"))


def expected_slots() -> dict[str, float]:
    """Slots expected one start from now, by pool, as at its latest turn.

    Pools without a forecast are left out.
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
        desired=row.desired,
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


class PoolLine(msgspec.Struct, frozen=True):
    """A pool as an operator reads it: wanted, by state, leases held, and why."""

    pool: Pool
    replicas: tuple[Replica, ...]
    failures: int
    retry_at: datetime | None
    has_own: bool  # whether a pool of its region and role is meant for calls
    gpu: str = ""
    gpu_users: tuple[str, ...] = ()  # the other pools of its GPU that work on it now
    pace: Pace | None = None  # where not all of its slots are used
    # by replica, the seconds of each stage of its start
    stages_s: Mapping[str, Mapping[str, float]] = {}

    def ledger_state(self, replica: Replica) -> str:
        """A replica's state as the ledger names it.

        Asleep while another pool uses its GPU is a state of its own.
        """
        return "asleep_shared" if replica.state == "asleep" and self.gpu_users else replica.state

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


def gpus() -> dict[str, str]:
    """The GPU of each pool that names one, its region before it: two regions share none."""
    named = models.Pool.objects.exclude(gpu="").values_list("name", "region_id", "gpu")
    return {name: f"{region}/{gpu}" for name, region, gpu in named}


def pool_lines() -> tuple[PoolLine, ...]:
    """Every pool with its living replicas, in the order of their definition."""
    now = snapshot()
    rows = {row.name: row for row in models.Pool.objects.all()}
    meant_for_calls = {(pool.region, pool.role) for pool in now.pools if pool.purpose == "calls"}
    living = models.Replica.objects.exclude(state__in=OVER)
    stages_s = {str(row.pk): in_order(row.stages_s) for row in living}
    users, paces = _gpu_users(now), known_paces(now.pools)
    lines: list[PoolLine] = []
    for pool in now.pools:
        row = rows.get(pool.name)
        if row is None:
            continue
        replicas = tuple(replica for replica in now.replicas if replica.pool == pool.name)
        line = PoolLine(
            pool=pool,
            replicas=replicas,
            failures=row.failures,
            retry_at=row.retry_at,
            has_own=(pool.region, pool.role) in meant_for_calls,
            gpu=row.gpu,
            gpu_users=users.get(pool.name, ()),
            pace=paces.get(pool.name),
            stages_s={replica.id: stages_s.get(replica.id, {}) for replica in replicas},
        )
        lines.append(line)
    return tuple(lines)


def _gpu_users(now: Snapshot) -> dict[str, tuple[str, ...]]:
    """For each pool that names a GPU the other pools of it that work on it now."""
    named = gpus()
    working = sorted({replica.pool for replica in now.replicas if replica.state in USES_GPU})
    return {
        pool: tuple(user for user in working if user != pool and named.get(user) == gpu)
        for pool, gpu in named.items()
    }


def canary_answer(model: str, fingerprint: str) -> str | None:
    """What this model's canary has answered before, or None."""
    stored = models.Canary.objects.filter(model=model, fingerprint=fingerprint).first()
    return stored.answer if stored else None
