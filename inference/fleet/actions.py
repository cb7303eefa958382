"""Writes to regions and pools, and the snapshot that tells every region of them.

As the control role: the app only reads these rows.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import inf
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from inference import models
from inference.errors import PolicyError
from inference.fleet import queries, snapshots
from inference.fleet.roundtrips import MeasuredRoundTrip
from inference.fleet.routing import ANYWHERE
from inference.types import PURPOSES, pool_name
from tenants.columns import check_columns
from tenants.context import CONTROL, as_control
from warmline.kernel import roles
from warmline.kernel.configuration import speech
from warmline.kernel.errors import BadInput
from warmline.kernel.roles import Role

# code, label, latitude, longitude, residency; the first one is warmed first
REGIONS: Final = (
    ("us-east", "Ashburn, Virginia", 39.0, -77.5, "us"),
    ("eu-west", "Dublin", 53.3, -6.3, "eu"),
)
# role, model, calls a replica, a usual first output in ms, a usual start in seconds, on one small
# machine
POOLS: Final[tuple[tuple[Role, str, int, float, float], ...]] = (
    (roles.LLM, "frontdesk", 16, 60.0, 45.0),
    (roles.STT, "whisper-tiny.en", 16, 170.0, 5.0),
    (roles.TTS, "hibari", 16, 40.0, 5.0),
)
# The same where WARMLINE_SPEECH is `small`.
SMALL_POOLS: Final[tuple[tuple[Role, str, int, float, float], ...]] = (
    POOLS[0],
    (roles.STT, "pocketsphinx", 16, 100.0, 5.0),
    (roles.TTS, "espeak-ng", 16, 30.0, 3.0),
)
MODEL: Final = re.compile(r"[\w.:/-]{1,100}")
REGION: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
ZONE: Final = re.compile(r"[a-z][a-z0-9-]{0,19}")


def ensure_regions() -> None:
    """The two regions of one machine with their pools, made where they are missing.

    Existing rows stay as they are.
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
            _ensure_pools(region)


def _ensure_pools(region: models.Region) -> None:
    pools = SMALL_POOLS if speech.SPEECH.value() == "small" else POOLS
    for role, model, slots, first_word_ms, start_s in pools:
        defaults = {
            "name": pool_name(region.code, role, model),
            "slots": slots,
            "first_word_ms": first_word_ms,
            "start_s": start_s,
            "desired": 1,
            # Not a decision: the first one is kept with its reasons, though it may want as many.
            "because": "nothing decided yet",
        }
        models.Pool.objects.get_or_create(region=region, role=role, model=model, defaults=defaults)


def add_region(
    code: str, *, label: str, latitude: float, longitude: float, residency: str
) -> models.Region:
    """A place where pools may run.

    `BadInput` says what is wrong with it, or that it is there already.
    """
    _check_region(code, label, latitude, longitude, residency)
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


def _check_region(code: str, label: str, latitude: float, longitude: float, residency: str) -> None:
    if not REGION.fullmatch(code):
        raise BadInput(
            f"region {code[:60]!r}: expected a name of at most 30 small letters, digits and -"
        )
    if not label.strip() or len(label) > 100:
        raise BadInput(f"label {label[:60]!r}: expected the place's name, at most 100 characters")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadInput(
            f"latitude {latitude} and longitude {longitude}: "
            "expected -90 to 90 and -180 to 180 degrees"
        )
    if not ZONE.fullmatch(residency) or residency in ANYWHERE:
        raise BadInput(
            f"residency {residency[:60]!r}: "
            "expected the zone of the data kept there, such as us or eu"
        )


def set_pool(name: str, **columns: Any) -> models.Pool:
    """Change what an operator wants of a pool.

    `PolicyError` for what contradicts itself, `BadInput` for no pool.
    """
    with as_control(), transaction.atomic(using=CONTROL):
        check_columns(models.Pool, {"name": name})
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
    """A pool of another model in a region, such as a smaller one that stands in.

    The warmer's next turn follows. `PolicyError` for what contradicts itself, `BadInput` for an
    unknown region or role and for a pool that is there.
    """
    with as_control(), transaction.atomic(using=CONTROL):
        regions = list(models.Region.objects.values_list("code", flat=True))
        if region not in regions:
            raise BadInput(f"there is no region {region!r}; there are {', '.join(regions)}")
        if role not in get_args(Role) or not MODEL.fullmatch(model):
            raise BadInput(
                f"{role}/{model[:120]}: "
                f"expected a role ({', '.join(get_args(Role))}) and a model's name"
            )
        if role == roles.EMBED:
            raise BadInput(
                f"{role}/{model}: no pool embeds: the web plane embeds knowledge in its own "
                "process, so that there is nothing to start; expected hear, think or speak"
            )
        name = pool_name(region, role, model)
        if models.Pool.objects.filter(name=name).exists():
            raise BadInput(f"there is a pool {name!r} already; `manage.py set_pool` changes it")
        pool = models.Pool(region_id=region, role=role, model=model, name=name, **columns)
        _check(pool)
        pool.save()
        return pool


def _check(pool: models.Pool) -> None:
    if pool.slots < 1 or pool.max_asleep < 0:
        raise PolicyError(
            f"slots {pool.slots} and max asleep {pool.max_asleep}: "
            "expected at least 1 and at least 0"
        )
    if not 0 <= pool.price_an_hour < inf:
        raise PolicyError(f"price an hour {pool.price_an_hour}: expected 0 or more")
    if pool.purpose not in PURPOSES:
        raise PolicyError(f"purpose {pool.purpose!r}: expected one of {', '.join(PURPOSES)}")
    if pool.gpu and not MODEL.fullmatch(pool.gpu):
        raise PolicyError(
            f"gpu {pool.gpu[:120]!r}: expected a name such as gpu-0, or nothing for GPUs of its own"
        )
    if pool.fixed_url:
        _check_fixed(pool)
    elif pool.purpose == "hosted":
        raise PolicyError(
            "a hosted provider without a fixed URL: expected the address that it answers at"
        )
    queries.policy_of(pool)


def _check_fixed(pool: models.Pool) -> None:
    if pool.gpu:
        raise PolicyError(
            f"gpu {pool.gpu!r} at a fixed URL: somebody else's endpoint runs on a GPU of theirs"
        )
    address = urlsplit(pool.fixed_url)
    if address.scheme not in {"http", "https"} or not address.hostname or "@" in address.netloc:
        raise PolicyError(
            "fixed URL: expected http(s)://host without a user or key (keys: WARMLINE_POOL_KEYS)"
        )
    if pool.max_asleep:
        raise PolicyError(
            f"max asleep {pool.max_asleep} at a fixed URL: "
            "somebody else's endpoint is not put to sleep"
        )


def claim_pool(name: str, *, worker: str, seconds: float) -> models.Pool | None:
    """Take a pool to work on for at most `seconds`, by the database's clock.

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


def keep_round_trips(measured: Sequence[MeasuredRoundTrip]) -> None:
    """Keep these round trips, forget all others, and publish the snapshot to every region."""
    with as_control():
        with transaction.atomic(using=CONTROL):
            known = set(models.Region.objects.values_list("code", flat=True))
            models.RoundTrip.objects.all().delete()
            models.RoundTrip.objects.bulk_create(
                models.RoundTrip(
                    prefix=trip.prefix, region_id=trip.region, ms=trip.ms, calls=trip.calls
                )
                for trip in measured
                if trip.region in known
            )
        publish_snapshot()


def keep_classes(classes: Mapping[str, int]) -> None:
    """These are the most replicas that companies have kept warm for them, by residency.

    "" are those served anywhere. Every pool meant for calls keeps the most of those whose calls its
    region may serve; any other pool keeps none.
    """
    with as_control(), transaction.atomic(using=CONTROL):
        for region in models.Region.objects.order_by("code"):
            most = max(classes.get("", 0), classes.get(region.residency, 0))
            pools = models.Pool.objects.filter(region=region)
            pools.filter(purpose="calls").exclude(class_replicas=most).update(class_replicas=most)
            pools.exclude(purpose="calls").exclude(class_replicas=0).update(class_replicas=0)


def publish_snapshot() -> None:
    """Build the snapshot from what is committed and put it into every region's Redis."""
    snapshots.put(queries.snapshot())


def publish_if_missing() -> None:
    """Publish again where a region's Redis has lost the snapshot."""
    if snapshots.missing_in():
        publish_snapshot()
