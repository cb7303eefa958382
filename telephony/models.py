"""Calls and what belongs to them.

Written by `telephony.calls.actions` only, and numbers with what is behind them in
`telephony.numbers`; every table is a tenant's.
"""

from collections.abc import Sequence
from typing import Final

from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast, Concat

from telephony.calls.models import (  # registered with the rest
    CallSummary,
    CallTerm,
    Erasure,
    SavedView,
    UnnamedRecording,
)
from tenants.rows import TenantModel
from tenants.sealed import SealedTextField
from warmline.kernel.phone_numbers import E164, E164_OR_NOTHING

__all__ = [
    "Call",
    "CallEventRow",
    "CallSummary",
    "CallTerm",
    "CarrierAccount",
    "Erasure",
    "Number",
    "NumberOrder",
    "Recording",
    "SavedView",
    "UnnamedRecording",
    "WebhookReceipt",
]

_DIRECTIONS = [("inbound", "inbound"), ("outbound", "outbound")]
_MODES = [("live", "live"), ("shadow", "shadow")]
_OUTSIDE = [(outside, outside) for outside in ("agent", "person", "message", "closed")]
_ACCOUNT_KINDS = [(kind, kind) for kind in ("own", "subaccount")]
_ACCOUNT_STATES = [(state, state) for state in ("opening", "open", "closing", "closed")]
_ORDER_STATES = [(state, state) for state in ("open", "contested", "done", "failed")]
_STATES = [(state, state) for state in ("ringing", "live", "handed_over", "ended")]
LISTED_BY: Final = (
    ("start", ()),
    ("caller", ("from_number",)),
    ("dialled", ("to_number",)),
    ("agent", ("agent_id",)),
    ("version", ("agent_version_id",)),
    ("outcome", ("outcome",)),
    ("reason", ("end_reason",)),
    ("audience", ("audience",)),
)


def _listed_by(name: str, columns: Sequence[str]) -> models.Index:
    """The index of a list that is narrowed by these columns.

    An outcome beside them is looked at in the index alone: a version's rarest took 30 ms a page by
    its rows (tests.bench.calls).
    """
    fields = ["tenant", *columns, "started_at", "id"]
    if columns and "outcome" not in columns:
        fields.append("outcome")
    return models.Index(fields=fields, name=f"telephony_call_by_{name}")


class CarrierAccount(TenantModel):
    """An account at a carrier whose numbers the tenant uses, in one of the carrier's own regions.

    `sealed` holds its credentials (telephony.numbers.sealing), which no page, answer or log shows.
    """

    carrier = models.CharField(max_length=16, default="twilio")
    kind = models.CharField(max_length=12, choices=_ACCOUNT_KINDS)
    state = models.CharField(max_length=8, choices=_ACCOUNT_STATES)
    # the carrier's own name of it; empty while a sub-account is being made
    account_id = models.CharField(max_length=64, blank=True)
    region = models.CharField(max_length=16)
    name = models.CharField(max_length=64)
    is_trial = models.BooleanField(default=False)
    key_id = models.CharField(max_length=64, blank=True)
    sealed = SealedTextField(blank=True, purpose="carrier account")
    why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    rotated_at = models.DateTimeField(null=True)
    # until when one process works at making or closing it
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "carrier", "account_id", "region"],
                condition=~models.Q(account_id=""),
                name="telephony_account_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "carrier"],
                condition=models.Q(kind="subaccount") & ~models.Q(state="closed"),
                name="telephony_account_one_sub",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.account_id} {self.region}"


class Number(TenantModel):
    """A telephone number that callers dial.

    In shadow mode a person answers and the agent only listens. `outside` says what happens outside
    its hours: `hours` as `telephony.numbers.hours` stores them, or the company's where that is
    null. Without an `account` it is the platform's own, which an operator gave the tenant.
    """

    e164 = models.CharField(max_length=16)
    agent_id = models.UUIDField(null=True)
    mode = models.CharField(max_length=8, choices=_MODES, default="live")
    human_number = models.CharField(max_length=16, blank=True)
    outside = models.CharField(max_length=8, choices=_OUTSIDE, default="agent", db_default="agent")
    hours = models.JSONField(null=True)
    closed_words = models.CharField(max_length=300, blank=True, db_default="")
    account = models.ForeignKey(
        CarrierAccount, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    # the carrier's own name of it; empty where an operator vouched for it
    carrier_number_id = models.CharField(max_length=64, blank=True, db_default="")
    is_bought = models.BooleanField(default=False, db_default=False)
    is_releasing = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "e164"], name="telephony_number_once"),
            models.CheckConstraint(
                condition=models.Q(e164__regex=E164), name="telephony_number_e164"
            ),
            models.CheckConstraint(
                condition=models.Q(human_number__regex=E164_OR_NOTHING),
                name="telephony_number_human_e164",
            ),
            models.CheckConstraint(
                condition=~models.Q(human_number=models.F("e164")),
                name="telephony_number_calls_another",
            ),
        ]
        indexes = [
            # For the resolver, which asks before a tenant is known.
            models.Index(fields=["e164"], name="telephony_number_resolve"),
            # For the job that finishes what was begun.
            models.Index(
                fields=["tenant"], condition=models.Q(is_releasing=True), name="telephony_releasing"
            ),
        ]

    def __str__(self) -> str:
        return self.e164


class NumberOrder(TenantModel):
    """A number that is being bought: written before the carrier is asked, so that what was begun is
    finished once, whoever is killed in between.

    `contested` is one of the company's own that another one had before: it waits until that one is
    found to have it no more.
    """

    e164 = models.CharField(max_length=16)
    account = models.ForeignKey(
        CarrierAccount, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    agent_id = models.UUIDField(null=True)
    # what the carrier wants to know of the buyer in some countries
    address_id = models.CharField(max_length=64, blank=True)
    bundle_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=_ORDER_STATES, default="open")
    why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "e164"],
                condition=models.Q(state="open"),
                name="telephony_order_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(e164__regex=E164), name="telephony_order_e164"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-id"], name="telephony_order_latest")]

    def __str__(self) -> str:
        return f"{self.e164} {self.state}"


class Call(TenantModel):
    """One telephone call.

    `facts` is what is known (telephony.calls.call_state); the columns beside it follow from it.
    """

    carrier = models.CharField(max_length=16, default="twilio")
    carrier_call_id = models.CharField(max_length=64)
    direction = models.CharField(max_length=8, choices=_DIRECTIONS, default="inbound")
    from_number = models.CharField(max_length=64, blank=True)
    to_number = models.CharField(max_length=64)
    region = models.CharField(max_length=32, blank=True)
    vertical = models.CharField(max_length=32)
    agent_version_id = models.CharField(max_length=64, blank=True)
    agent_id = models.UUIDField(null=True)
    audience = models.CharField(max_length=8, default="caller")
    human_number = models.CharField(max_length=16, blank=True)
    verstat = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16, choices=_STATES, default="ringing")
    facts = models.JSONField(default=dict)
    routing = models.JSONField(default=dict)
    leases = models.JSONField(default=list)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=32, blank=True)
    outcome = models.CharField(max_length=20, blank=True, db_default="")
    # From the answer to the end; 0 while it is not over, or was never answered.
    talked_ms = models.PositiveBigIntegerField(db_default=0)
    # When its carrier was last asked whether it is over, while a person has it.
    asked_at = models.DateTimeField(null=True)
    # When what was said became findable, after the end.
    indexed_at = models.DateTimeField(null=True)
    turns = models.PositiveIntegerField(default=0)
    first_audio_p50_ms = models.FloatField(null=True)
    first_audio_p95_ms = models.FloatField(null=True)
    # Between the media process and the carrier's edge: the median of what the call measured.
    round_trip_ms = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "carrier", "carrier_call_id"], name="telephony_call_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "-id"], name="telephony_call_by_state"),
            # A list is in the order of (started_at, id), newest first, whatever it is narrowed by:
            # each filter has its own index in that order, so that a page is read and not sorted.
            *(_listed_by(*columns) for columns in LISTED_BY),
            models.Index(
                fields=["tenant", "talked_ms", "id", "outcome"], name="telephony_call_by_length"
            ),
            # For the job that looks across tenants for ended calls whose words are not findable.
            models.Index(
                fields=["tenant", "ended_at"],
                condition=models.Q(state="ended", indexed_at=None),
                name="telephony_call_unindexed",
            ),
            # For the job that learns round trips across tenants.
            models.Index(
                fields=["-started_at"],
                condition=models.Q(round_trip_ms__isnull=False),
                name="telephony_call_round_trips",
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class CallEventRow(TenantModel):
    """A numbered event of a call as the media plane sent it; (call, epoch, number) comes once."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    epoch = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    region = models.CharField(max_length=32)
    at = models.DateTimeField()
    at_ms = models.FloatField()
    payload = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "call", "epoch", "number"], name="telephony_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.epoch}.{self.number}"


class Recording(TenantModel):
    """Both sides' audio of a call as one media process heard it: a file in the recordings' store.

    Its name begins with the tenant's id and cannot be guessed. A call that a second process takes
    up has two parts, in the order of their epochs, each at its place in the call.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    epoch = models.PositiveIntegerField(default=1)
    # When it began, in milliseconds of the call's clock: what no process kept is silence.
    starts_ms = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=128)
    size_bytes = models.PositiveBigIntegerField()
    seconds = models.FloatField()
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "call", "epoch"], name="telephony_recording_once"
            ),
            # No row leads to another tenant's file, or out of the store.
            models.CheckConstraint(
                condition=models.Q(
                    name__regex=Concat(
                        Value("^", models.TextField()),
                        Cast("tenant_id", models.TextField()),
                        Value("/[A-Za-z0-9_-]{20,64}[.]wav$", models.TextField()),
                    )
                ),
                name="telephony_recording_confined",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookReceipt(TenantModel):
    """A webhook that was acted on, and its answer, which the same one gets again."""

    provider = models.CharField(max_length=16)
    key = models.CharField(max_length=160)
    answer = models.TextField(blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "provider", "key"], name="telephony_receipt_once"
            )
        ]

    def __str__(self) -> str:
        return self.key


# Django finds models where it looks for them: here. Each stands with what writes it.
import telephony.usage.models  # noqa: E402, F401
