"""Writes to regions, pools and replicas.
All of them as the control role: the app only reads these rows.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import inf
from statistics import median
from typing import Any, Final, cast, get_args
from urllib.parse import urlsplit

import msgspec
import structlog
from django.db import connections, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now

from inference import models
from inference.errors import PolicyError, WrongTransition
from inference.fleet import queries, snapshots
from inference.fleet.replica_states import Event, after
from inference.fleet.roundtrips import Measured
from inference.fleet.routing import ANYWHERE
from inference.types import PURPOSES, ReplicaState, pool_name
from inference.warming.forecast import Fit
from inference.warming.policy import Decision, Observation
from inference.warming.staffing import Share
from tenants.context import CONTROL, as_control
from warmline.kernel import roles
from warmline.kernel.errors import BadInput
from warmline.kernel.roles import Role

log = structlog.get_logger()

# code, label, latitude, longitude, residency; the first one is warmed first
REGIONS: Final = (
    ("us-east", "Ashburn, Virginia", 39.0, -77.5, "us"),
    ("eu-west", "Dublin", 53.3, -6.3, "eu"),
)
# role, model, calls a replica, a usual first output in ms, a usual start in seconds, on one small
# machine
POOLS: Final[tuple[tuple[Role, str, int, float, float], ...]] = (
    (roles.LLM, "frontdesk", 16, 60.0, 45.0),
    (roles.STT, "pocketsphinx", 16, 100.0, 5.0),
    (roles.TTS, "espeak-ng", 16, 30.0, 3.0),
)
MODEL: Final = re.compile(r"[\w.:/-]{1,100}")
REGION: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
ZONE: Final = re.compile(r"[a-z][a-z0-9-]{0,19}")
# A start that fails is tried again after 5, 10, 20 … seconds, and at last every five minutes.
RETRY_FIRST_S: Final = 5.0
RETRY_MOST_S: Final = 300.0
ALARM_FAILURES: Final = 3
# So many callers' waits weigh as much as all that was known before.
FEW_WAITS: Final = 20


def ensure_regions() -> None:
    """The two regions of one machine with their pools, made where they are missing;
    existing rows stay as they are.
    """
    with as_control(), transaction.atomic(using=CONTROL):
        for code, label, latitude, longitude, residency in REGIONS:
            place = {
                "label": label,
                "latitude": latitude,
                "longitude": longitude,
                "residency": residency,
            }
            region, _ = models.Region.objects.get_or_create(code=code, defaults=place)
            for role, model, slots, first_word_ms, start_s in POOLS:
                defaults = {
                    "name": pool_name(code, role, model),
                    "slots": slots,
                    "first_word_ms": first_word_ms,
                    "start_s": start_s,
                    "want": 1,
                    "because": "baseline 1",
                }
                models.Pool.objects.get_or_create(
                    region=region, role=role, model=model, defaults=defaults
                )


def add_region(
    code: str, *, label: str, latitude: float, longitude: float, residency: str
) -> models.Region:
    """A place where pools may run. `BadInput` says what is wrong with it,
    or that it is there already.
    """
    if not REGION.fullmatch(code):
        raise BadInput(
            f"region {code[:60]!r}: expected a name of at most 30 small letters, digits and -"
        )
    if not label.strip() or len(label) > 100:
        raise BadInput(f"label {label[:60]!r}: expected the place's name, at most 100 characters")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadInput(
            f"latitude {latitude} and longitude {longitude}: expected -90 to 90 and -180 to 180 degrees"
        )
    if not ZONE.fullmatch(residency) or residency in ANYWHERE:
        raise BadInput(
            f"residency {residency[:60]!r}: expected the zone of the data kept there, such as us or eu"
        )
    place = {
        "label": label.strip(),
        "latitude": latitude,
        "longitude": longitude,
        "residency": residency,
    }
    with as_control(), transaction.atomic(using=CONTROL):
        region, is_new = models.Region.objects.get_or_create(code=code, defaults=place)
    if not is_new:
        raise BadInput(f"there is a region {code!r} already, at {region.label}")
    return region


def set_pool(name: str, **columns: Any) -> models.Pool:
    """Change what an operator wants of a pool.
    `PolicyError` for what contradicts itself, `BadInput` for no pool.
    """
    with as_control(), transaction.atomic(using=CONTROL):
        pool = models.Pool.objects.select_for_update().filter(name=name).first()
        if pool is None:
            raise BadInput(
                f"there is no pool {name!r}; there are {', '.join(queries.pool_names())}"
            )
        for column, value in columns.items():
            setattr(pool, column, value)
        _check(pool)
        pool.save(update_fields=list(columns))
        return pool


def add_pool(region: str, role: Role, model: str, **columns: Any) -> models.Pool:
    """A pool of another model in a region, such as a smaller one that stands in; the warmer's next
    turn follows.

    `PolicyError` for what contradicts itself, `BadInput` for an unknown region or role and for a
    pool that is there.
    """
    with as_control(), transaction.atomic(using=CONTROL):
        regions = list(models.Region.objects.values_list("code", flat=True))
        if region not in regions:
            raise BadInput(f"there is no region {region!r}; there are {', '.join(regions)}")
        if role not in get_args(Role) or not MODEL.fullmatch(model):
            raise BadInput(
                f"{role}/{model[:120]}: expected a role ({', '.join(get_args(Role))}) and a model's name"
            )
        if role == roles.EMBED:
            raise BadInput(
                f"{role}/{model}: no pool embeds: the web plane embeds knowledge in its own process, so that there is "
                "nothing to start; expected hear, think or speak"
            )
        name = pool_name(region, role, model)
        if models.Pool.objects.filter(name=name).exists():
            raise BadInput(f"there is a pool {name!r} already; `manage.py set_pool` changes it")
        pool = models.Pool(region_id=region, role=role, model=model, name=name, **columns)
        _check(pool)
        pool.save()
        return pool


def _check(pool: models.Pool) -> None:
    if pool.slots < 1 or pool.sleepers < 0:
        raise PolicyError(
            f"slots {pool.slots} and sleepers {pool.sleepers}: expected at least 1 and at least 0"
        )
    if not 0 <= pool.price_an_hour < inf:
        raise PolicyError(f"price an hour {pool.price_an_hour}: expected 0 or more")
    if pool.purpose not in PURPOSES:
        raise PolicyError(f"purpose {pool.purpose!r}: expected one of {', '.join(PURPOSES)}")
    if pool.card and not MODEL.fullmatch(pool.card):
        raise PolicyError(
            f"card {pool.card[:120]!r}: expected a name such as gpu-0, or nothing for cards of its own"
        )
    if pool.fixed_url:
        if pool.card:
            raise PolicyError(
                f"card {pool.card!r} at a fixed URL: somebody else's endpoint runs on a card of theirs"
            )
        address = urlsplit(pool.fixed_url)
        if address.scheme not in {"http", "https"} or not address.hostname or "@" in address.netloc:
            raise PolicyError(
                "fixed URL: expected http(s)://host without a user or key (keys: WARMLINE_POOL_KEYS)"
            )
        if pool.sleepers:
            raise PolicyError(
                f"sleepers {pool.sleepers} at a fixed URL: somebody else's endpoint is not put to sleep"
            )
    elif pool.purpose == "hosted":
        raise PolicyError(
            "a hosted provider without a fixed URL: expected the address that it answers at"
        )
    queries.policy_of(pool)


def claim_pool(name: str, *, worker: str, seconds: float) -> models.Pool | None:
    """Take a pool to work on for at most `seconds`, by the database's clock;
    None when another worker has it.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lt=Now())
    until = Now() + timedelta(seconds=seconds)
    claimed = models.Pool.objects.filter(free, name=name).update(
        claimed_until=until, claimed_by=worker
    )
    return models.Pool.objects.get(name=name) if claimed == 1 else None


def release_pool(pool: models.Pool, *, worker: str) -> None:
    """Give a claimed pool back; one whose claim ran out and was taken by another stays theirs."""
    models.Pool.objects.filter(pk=pool.pk, claimed_by=worker).update(
        claimed_until=None, claimed_by=""
    )


def order_replica(pool: models.Pool, *, provisioner: str, because: str) -> models.Replica:
    """A replica's row, still cold, with the least number that no living replica of its region and
    role has.
    """
    with transaction.atomic(using=CONTROL):
        taken = queries.numbers_taken(pool)
        number = next(each for each in range(1, len(taken) + 2) if each not in taken)
        replica = models.Replica.objects.create(
            pool=pool, number=number, provisioner=provisioner, because=because
        )
        models.ReplicaStep.objects.create(replica=replica, state="cold", because=because)
        replica.refresh_from_db()
        return replica


def move_replica(
    replica: models.Replica, event: Event, *, because: str = "", **columns: Any
) -> None:
    """Apply an event to a replica and keep the step with its time; `columns` change in the same
    statement.

    `WrongTransition` when its state does not know the event, or when another worker has moved it
    meanwhile.
    """
    before = cast("ReplicaState", replica.state)
    state = after(before, event)
    with transaction.atomic(using=CONTROL):
        mine = models.Replica.objects.filter(pk=replica.pk, state=before)
        if mine.update(state=state, state_at=Now(), because=because, **columns) != 1:
            raise WrongTransition(
                f"replica {replica.pk} is no longer {before}: another worker moved it"
            )
        models.ReplicaStep.objects.create(replica=replica, state=state, because=because)
    replica.refresh_from_db()
    log.info(
        "replica moved",
        pool=replica.pool.name,
        replica=str(replica.pk),
        before=before,
        state=state,
        because=because,
    )


def note_replica(replica: models.Replica, **columns: Any) -> None:
    """Keep what was seen of a replica; its state is not changed here."""
    models.Replica.objects.filter(pk=replica.pk).update(**columns)
    for column, value in columns.items():
        setattr(replica, column, value)


def note_start_failed(pool: models.Pool, *, because: str) -> None:
    """Hold back further starts, longer each time; the third failure in a row raises the alarm."""
    failures = pool.failures + 1
    hold_s = min(RETRY_MOST_S, RETRY_FIRST_S * 2 ** min(failures - 1, 10))
    models.Pool.objects.filter(pk=pool.pk).update(
        failures=failures, retry_at=Now() + timedelta(seconds=hold_s)
    )
    pool.refresh_from_db()
    tell = log.error if failures >= ALARM_FAILURES else log.warning
    tell(
        "pool cannot start a replica",
        pool=pool.name,
        failures=failures,
        again_in_s=hold_s,
        because=because,
    )


def note_warm(pool: models.Pool, *, first_word_ms: float) -> None:
    """A replica became warm: nothing holds back starts, and what it took is what a start takes."""
    pool.start_s = queries.usual_start_s(pool)
    pool.failures, pool.retry_at = 0, None
    pool.save(update_fields=["start_s", "failures", "retry_at"])
    note_first_word(pool, first_word_ms=first_word_ms)


def note_starts(pool: models.Pool, starts_s: Sequence[float]) -> None:
    """Starts were measured beside the pool's own:
    the median of the last five is what a start takes.
    """
    pool.start_s = round(median(starts_s[-5:]), 2)
    pool.save(update_fields=["start_s"])


def note_first_word(pool: models.Pool, *, first_word_ms: float) -> None:
    """A measured first output moves the pool's figure: much when it is quicker, little when it is
    slower.

    A single request measures the machine's momentary load as much as the pool; a quick one proves
    what the pool can do. With equal weights two pools of one busy machine stood 255 ms apart, more
    than an ocean, and callers crossed it.
    """
    weight = 0.6 if first_word_ms < pool.first_word_ms else 0.05
    measured_ms = min(first_word_ms, 3 * pool.first_word_ms)
    pool.first_word_ms = round((1 - weight) * pool.first_word_ms + weight * measured_ms, 1)
    pool.save(update_fields=["first_word_ms"])


def note_waits(pool: models.Pool, *, mean_ms: float, requests: int) -> None:
    """What callers waited for their first output moves the pool's figure, by half at most: the more
    when they are many.

    Unlike a canary they are weighed alike when they are slower: their wait is what routing shall
    foresee, and if it drives callers away, the canaries of the idle pool bring the figure down
    again.
    """
    weight = min(0.5, requests / (requests + FEW_WAITS))
    measured_ms = min(mean_ms, 3 * pool.first_word_ms)
    pool.first_word_ms = round((1 - weight) * pool.first_word_ms + weight * measured_ms, 1)
    pool.save(update_fields=["first_word_ms"])


def note_decision(pool: models.Pool, decision: Decision, observation: Observation) -> bool:
    """Keep a decision that differs from the last one, with the numbers it saw;
    whether it differed.
    """
    if (pool.want, pool.because) == (decision.want, decision.because):
        return False
    changed = pool.want != decision.want
    pool.want, pool.because = decision.want, decision.because
    pool.save(update_fields=["want", "because"])
    if changed or not models.PoolDecision.objects.filter(pool=pool).exists():
        models.PoolDecision.objects.create(
            pool=pool,
            want=decision.want,
            because=decision.because,
            layers=msgspec.to_builtins(decision.wishes),
            seen=msgspec.to_builtins(observation),
        )
    return True


def note_minute(
    pool: models.Pool, *, minute: datetime, calls: int, held: int, avoided: int = 0
) -> None:
    """Add one look at a pool to its minute: calls that came since the look before, and the slots
    held now.

    `avoided` of these calls met a warm model only because more was warm than the calls before them
    filled.
    """
    row, _ = models.PoolMinute.objects.get_or_create(pool=pool, minute=minute)
    models.PoolMinute.objects.filter(pk=row.pk).update(
        calls=F("calls") + calls,
        avoided=F("avoided") + avoided,
        held_peak=Greatest(F("held_peak"), held),
        held_sum=F("held_sum") + held,
        samples=F("samples") + 1,
    )


def forget_minutes(*, before: datetime) -> int:
    """Delete minutes older than a forecast looks back; how many."""
    return models.PoolMinute.objects.filter(minute__lt=before).delete()[0]


def keep_fit(pool: models.Pool, fitted: Fit, *, at: datetime) -> None:
    """Store what a pool's history taught; the warmer uses it from its next turn on."""
    models.PoolFit.objects.update_or_create(
        pool=pool, defaults={"fit": msgspec.to_builtins(fitted), "at": at}
    )


def note_expected(pool: models.Pool, share: Share, *, at: datetime) -> None:
    """Keep what a pool expects and has,
    for the pools that lend it slots and borrow from it, and for its page.
    """
    models.PoolFit.objects.filter(pool=pool).update(
        expected=msgspec.to_builtins(share), expected_at=at
    )
    minute = models.PoolMinute.objects.filter(pool=pool, minute=at.replace(second=0, microsecond=0))
    minute.update(expected=share.expected.mean)


def canary_answer(model: str, fingerprint: str) -> str | None:
    """What this model's canary has answered before, or None."""
    stored = models.Canary.objects.filter(model=model, fingerprint=fingerprint).first()
    return stored.answer if stored else None


def keep_canary(model: str, fingerprint: str, answer: str) -> None:
    """Store the first answer of a model's canary; a stored one stays."""
    models.Canary.objects.get_or_create(
        model=model, fingerprint=fingerprint, defaults={"answer": answer}
    )


def keep_round_trips(measured: Sequence[Measured]) -> None:
    """These are the round trips now:
    what is not among them is forgotten, and every region's snapshot follows.
    """
    with as_control():
        with transaction.atomic(using=CONTROL):
            known = set(models.Region.objects.values_list("code", flat=True))
            models.RoundTrip.objects.all().delete()
            models.RoundTrip.objects.bulk_create(
                models.RoundTrip(
                    prefix=each.prefix, region_id=each.region, ms=each.ms, calls=each.calls
                )
                for each in measured
                if each.region in known
            )
        publish_snapshot()


def keep_classes(classes: Mapping[str, int]) -> None:
    """These are the most replicas that companies have kept warm for them, by residency; "" are
    those served anywhere.

    Every pool meant for calls keeps the most of those whose calls its region may serve; any other
    pool keeps none.
    """
    with as_control(), transaction.atomic(using=CONTROL):
        for region in models.Region.objects.order_by("code"):
            most = max(classes.get("", 0), classes.get(region.residency, 0))
            pools = models.Pool.objects.filter(region=region)
            pools.filter(purpose="calls").exclude(class_replicas=most).update(class_replicas=most)
            pools.exclude(purpose="calls").exclude(class_replicas=0).update(class_replicas=0)


def lock_starts() -> None:
    """Until the end of this transaction no other worker begins a start:
    who counts starts under way counts right.
    """
    with connections[CONTROL].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('warmline.inference.starts'))")


def publish_snapshot() -> None:
    """Build the snapshot from what is committed and put it into every region's Redis."""
    snapshots.put(queries.snapshot())


def publish_if_missing() -> None:
    """Publish again where a region's Redis has lost the snapshot."""
    if snapshots.missing_in():
        publish_snapshot()
