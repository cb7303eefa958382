"""Regions, pools and replicas as rows.

They belong to no tenant: the app role reads them, the control role writes.
"""

from django.db import models
from django.db.models.functions import Now

from inference.types import PURPOSES
from tenants.columns import BoundedModel
from warmline.kernel.ids import new_uuid

_PURPOSES = list(PURPOSES.items())


class Region(BoundedModel):
    """Where a part of the platform runs."""

    code = models.SlugField(primary_key=True, max_length=30)
    label = models.CharField(max_length=100)
    latitude = models.FloatField()
    longitude = models.FloatField()
    residency = models.CharField(max_length=20)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Pool(BoundedModel):
    """(region, role, model), how warm it shall be, and the last decision on it.

    `purpose` is what it is to a call's ladder: meant for calls, a smaller model that stands in, or
    a hosted provider. `schedule` is a list of windows as `inference.warming.policy.Window` reads
    them. `claimed_until` is whose turn it is to work on the pool: one worker at a time.
    `max_asleep` is how many drained replicas are kept asleep. `cold_call_price` is what a call that
    meets a cold model costs, in hours of a replica (0: no forecast). `retry_at` and `failures` hold
    back starts that keep failing. `class_replicas` is how many the companies that may be served
    here have kept warm for them, by the largest class among them. `gpu` names what its replicas run
    on where other pools of the region, with the same name, take turns on it; empty for GPUs of its
    own. Where a column's name differs, it is the one from before.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="pools")
    role = models.CharField(max_length=10)
    model = models.CharField(max_length=100)
    name = models.CharField(max_length=150, unique=True)
    slots = models.PositiveIntegerField(default=16)
    purpose = models.CharField(max_length=10, choices=_PURPOSES, default="calls")
    fixed_url = models.URLField(blank=True)
    baseline = models.PositiveIntegerField(default=1)
    maximum = models.PositiveIntegerField(default=1)
    class_replicas = models.PositiveIntegerField(default=0, db_default=0)
    schedule = models.JSONField(default=list, blank=True)
    target_occupancy = models.FloatField(default=0.7)
    cold_call_price = models.FloatField(default=0.03)
    max_asleep = models.PositiveIntegerField(default=0, db_column="sleepers")
    gpu = models.CharField(max_length=100, blank=True, default="", db_default="", db_column="card")
    price_an_hour = models.FloatField(default=0.0)
    first_word_ms = models.FloatField(default=100.0)
    start_s = models.FloatField(default=60.0)
    desired = models.PositiveIntegerField(default=0, db_column="want")
    because = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["region", "role", "model"]
        constraints = [
            models.UniqueConstraint(fields=["region", "role", "model"], name="pool_once"),
            models.CheckConstraint(
                condition=~models.Q(purpose="hosted", fixed_url=""),
                name="pool_hosted_has_its_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Replica(models.Model):
    """One started process (or probed endpoint), from its first state to its last.

    `number` is free among its region's living ones of the same role, for names. `handle` is what
    its provisioner knows it by. `stages_s` is the seconds of each stage of its start. `primed` is
    the digest of the prompt prefixes that have run on it. `unanswered` counts probes in a row
    without an answer.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="replicas")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, default="cold")
    state_at = models.DateTimeField(db_default=Now())
    because = models.TextField(blank=True)
    base_url = models.URLField(blank=True)
    provisioner = models.CharField(max_length=30)
    handle = models.TextField(blank=True)
    stages_s = models.JSONField(default=dict, blank=True)
    primed = models.CharField(max_length=64, blank=True)
    busy = models.PositiveIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0)
    probed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["pool", "state"])]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.id} {self.state}"


class ReplicaStep(models.Model):
    """A replica entered a state; cold starts, warmth and its cost are counted from these."""

    replica = models.ForeignKey(Replica, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10)
    at = models.DateTimeField(db_default=Now())
    because = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["replica", "at"])]

    def __str__(self) -> str:
        return f"{self.replica_id} {self.state}"


class PoolDecision(models.Model):
    """The warmer wanted something else than before: how much, why, and the numbers it saw."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="decisions")
    at = models.DateTimeField(db_default=Now())
    desired = models.PositiveIntegerField(db_column="want")
    because = models.TextField()
    layers = models.JSONField(default=list)
    seen = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["pool", "at"])]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.desired}: {self.because}"


class PoolMinute(models.Model):
    """What one minute brought a pool: calls that came, the most slots held at once, and their sum
    over the samples.

    `avoided` of the calls met a warm model only because more was warm than the calls before them
    filled. `expected` is the slots that were expected then to be held one start later.
    """

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="minutes")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)
    avoided = models.PositiveIntegerField(default=0)
    held_peak = models.PositiveIntegerField(default=0)
    held_sum = models.PositiveIntegerField(default=0)
    samples = models.PositiveIntegerField(default=0)
    expected = models.FloatField(null=True)

    class Meta:
        ordering = ["minute"]
        constraints = [models.UniqueConstraint(fields=["pool", "minute"], name="pool_minute_once")]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.minute:%Y-%m-%dT%H:%M}: {self.calls}"


class PoolFit(models.Model):
    """A pool's fitted forecast (`inference.warming.forecast.Fit`), and what it last expected."""

    pool = models.OneToOneField(Pool, on_delete=models.CASCADE, related_name="fit")
    at = models.DateTimeField(db_default=Now())
    fit = models.JSONField()
    expected = models.JSONField(default=dict, blank=True)
    expected_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.pool_id} {self.at:%Y-%m-%d}"


class Canary(models.Model):
    """A model's first canary answer, which later replicas must give too."""

    model = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    answer = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "fingerprint"], name="canary_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.fingerprint[:12]}"


class RoundTrip(models.Model):
    """The usual round trip between a region and the carrier's edge, as the calls of a number prefix
    measured it.

    `prefix` is as in `inference.fleet.caller_places`, empty for callers of no known place; `calls`
    is how many say so.
    """

    prefix = models.CharField(max_length=4, blank=True)
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="round_trips")
    ms = models.FloatField()
    calls = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["prefix", "region"]
        constraints = [
            models.UniqueConstraint(fields=["prefix", "region"], name="round_trip_once"),
            models.CheckConstraint(condition=models.Q(ms__gt=0), name="round_trip_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix or 'unknown'} {self.region_id}: {self.ms} ms"
