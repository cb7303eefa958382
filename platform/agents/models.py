"""Agents, their versions, the business they speak for, and what their tools did."""

from django.db import models
from django.db.models.functions import Now

from agents.types import MAX_INSTRUCTIONS
from tenants.rows import TenantModel
from warmline.kernel.agent import RECEPTIONIST


class BusinessProfile(TenantModel):
    """When the tenant works: `week` has seven ["08:00", "18:00"], or null, from Monday on.

    `holidays` is a list of dates such as "2026-12-25"; `exceptions` has hours, or null, by date.
    """

    week = models.JSONField()
    holidays = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    exceptions = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    slot_minutes = models.PositiveIntegerField(default=60)
    step_minutes = models.PositiveIntegerField(default=30)
    capacity = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="agents_business_one")]

    def __str__(self) -> str:
        return f"{self.slot_minutes} minutes, {self.capacity} at a time"


class Agent(TenantModel):
    """Who answers. What it says is in its versions, of which at most one is live."""

    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="agents_agent_name")]

    def __str__(self) -> str:
        return self.name


class VersionState(models.TextChoices):
    """A version speaks to people alone, then to callers, then is kept for the calls it took."""

    SHADOW = "shadow"
    LIVE = "live"
    RETIRED = "retired"


class WordedModel(TenantModel):
    """The columns of what an agent is; `facts` are [label, value] pairs."""

    name = models.CharField(max_length=60, db_default="")
    role = models.CharField(max_length=120, default=RECEPTIONIST, db_default=RECEPTIONIST)
    instructions = models.TextField(max_length=MAX_INSTRUCTIONS, blank=True, db_default="")
    greeting = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=list)
    tools = models.JSONField(default=list)
    collections = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    vocabulary = models.JSONField(default=list)
    voice = models.CharField(max_length=60, default="en-us")
    speed = models.FloatField(default=1.0)
    language = models.CharField(max_length=20, default="en")
    limits = models.JSONField(default=dict)
    on_failure = models.CharField(max_length=10, default="person", db_default="person")
    # What is read out of a call after its end: name, description, type; none: the vertical's.
    extraction = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))

    # Whether it says before its greeting that the call is recorded.
    announces_recording = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True


class AgentDraft(WordedModel):
    """What is being written of an agent; each save is another `revision`, counted from 1."""

    agent = models.ForeignKey(
        Agent,
        on_delete=models.CASCADE,
        related_name="drafts",
        db_constraint=False,
        db_index=False,
    )
    revision = models.PositiveIntegerField(default=1)
    based_on = models.PositiveIntegerField(null=True)
    edited_by = models.CharField(max_length=254)
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "agent"], name="agents_draft_one")]

    def __str__(self) -> str:
        return f"draft of {self.agent_id}, revision {self.revision}"


class AgentVersion(WordedModel):
    """What an agent is, for good: the database lets the app change `state` and `live_*` alone."""

    agent = models.ForeignKey(
        Agent,
        on_delete=models.PROTECT,
        related_name="versions",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.LIVE)
    note = models.CharField(max_length=500, blank=True, db_default="")
    made_by = models.CharField(max_length=254, blank=True, db_default="")
    reverted_from = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    live_at = models.DateTimeField(null=True)
    live_by = models.CharField(max_length=254, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "agent", "number"], name="agents_version_number"
            ),
            models.UniqueConstraint(
                fields=["tenant", "agent"],
                condition=models.Q(state="live"),
                name="agents_version_live",
            ),
            models.UniqueConstraint(
                fields=["tenant", "agent"],
                condition=models.Q(state="shadow"),
                name="agents_version_shadow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} version {self.number}"


class CalendarFeed(TenantModel):
    """The address under which others read the tenant's bookings as a calendar: its SHA-256."""

    token_sha256 = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="agents_calendar_one")]
        # Looked up by the resolver alone, which has no tenant yet. Not unique: 32 random bytes are.
        indexes = [models.Index(fields=["token_sha256"], name="agents_calendar_token")]

    def __str__(self) -> str:
        return f"calendar since {self.created_at:%Y-%m-%d}"


class ToolRun(TenantModel):
    """A tool that ran in a call, once for each `tool_call_id`, with what the model was told."""

    call_id = models.UUIDField()
    tool_call_id = models.CharField(max_length=100)
    name = models.CharField(max_length=60)
    arguments = models.JSONField()
    ok = models.BooleanField(default=False)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "call_id", "tool_call_id"], name="agents_run_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.call_id}"
