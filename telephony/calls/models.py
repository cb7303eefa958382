"""What is kept of calls beside what happened in them; registered by `telephony.models`."""

from django.db import models

from tenants.rows import TenantModel

_SUMMARY_STATES = [(state, state) for state in ("waiting", "done", "failed")]
_ERASURE_STATES = [(state, state) for state in ("running", "done")]


class CallTerm(TenantModel):
    """A word that was said in a call that is over, or a tool that was asked for: `term` stands for
    it (telephony.calls.search.terms).

    A full-text index would be no use here: its operators are not leakproof, so that row-level
    security keeps them from any index (decision 0027).
    """

    id = None  # type: ignore[assignment]  # the call's own: a row's key would be a third of it
    pk = models.CompositePrimaryKey("tenant", "term", "started_at", "call_id")
    term = models.BigIntegerField()
    started_at = models.DateTimeField()
    call = models.ForeignKey(
        "telephony.Call",
        on_delete=models.CASCADE,
        db_column="id",
        db_constraint=False,
        db_index=False,
        related_name="terms",
    )

    def __str__(self) -> str:
        return f"{self.term} in {self.call_id}"


class CallSummary(TenantModel):
    """What the model made of a call after its end: a summary, and the fields that its agent's
    version asks for, each with the words that it was taken from.
    """

    call = models.ForeignKey(
        "telephony.Call", on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    state = models.CharField(max_length=8, choices=_SUMMARY_STATES, default="waiting")
    summary = models.TextField(blank=True)
    fields = models.JSONField(default=list)
    # Of a long call's pieces, so many were read: summary and fields are theirs until all are.
    pieces_read = models.PositiveIntegerField(default=0)
    model = models.CharField(max_length=200, blank=True)
    tries = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "call"], name="telephony_summary_once")
        ]
        indexes = [
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(state="waiting"),
                name="telephony_summary_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"summary of {self.call_id}"


class SavedView(TenantModel):
    """A list of calls under a name: the company's, or one member's own."""

    name = models.CharField(max_length=60)
    owner_id = models.UUIDField(null=True)
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "owner_id", "name"],
                name="telephony_view_name",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name


class Erasure(TenantModel):
    """All calls of one caller erased: how far it is, and in the end numbers alone."""

    # Kept until it is done.
    number = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=_ERASURE_STATES, default="running")
    calls = models.PositiveIntegerField(default=0)
    recordings = models.PositiveIntegerField(default=0)
    shadow_runs = models.PositiveIntegerField(default=0)
    bookings = models.PositiveIntegerField(default=0)
    # Calls that went on then: they are not erased.
    skipped = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "-id"], name="telephony_erasure_latest")]

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class UnnamedRecording(TenantModel):
    """A file of the recordings' store whose call was deleted, until the store has removed it."""

    name = models.CharField(max_length=128)

    def __str__(self) -> str:
        return self.name
