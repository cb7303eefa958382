"""Scored calls, their turns, and what reviewers thought of them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from shadow.types import VERDICTS
from tenants.rows import TenantModel


class ShadowRun(TenantModel):
    """A call that a person answered while the agent thought along, scored once.

    `unjudged` is how many of its turns only a person can judge.
    """

    call_id = models.UUIDField()
    agent_version_id = models.CharField(max_length=64, blank=True)
    from_number = models.CharField(max_length=64, blank=True)
    to_number = models.CharField(max_length=64, blank=True)
    called_at = models.DateTimeField()
    score = models.FloatField(null=True)
    unjudged = models.PositiveIntegerField(db_default=0)
    scored_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "call_id"], name="shadow_run_once")
        ]
        indexes = [models.Index(fields=["tenant", "-called_at"], name="shadow_run_latest")]

    def __str__(self) -> str:
        return f"shadow of {self.call_id}"


class ShadowTurn(TenantModel):
    """One caller turn: both answers, and how far they agree, or why only a person can tell."""

    run = models.ForeignKey(
        ShadowRun,
        on_delete=models.CASCADE,
        related_name="turns",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField()
    caller_text = models.TextField()
    agent_text = models.TextField(blank=True)
    human_text = models.TextField(blank=True)
    agent_actions = models.JSONField(default=list)
    human_actions = models.JSONField(default=list)
    score = models.FloatField(null=True)
    meaning = models.FloatField(null=True)
    facts = models.FloatField(null=True)
    action = models.FloatField(null=True)
    because = models.TextField(blank=True)
    unjudged = models.TextField(blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "number"], name="shadow_turn_once")
        ]

    def __str__(self) -> str:
        return f"turn {self.number} of {self.run_id}"


class Verdict(TenantModel):
    """A reviewer's judgement of a run; each reviewer has one, and may change it."""

    run = models.ForeignKey(
        ShadowRun,
        on_delete=models.CASCADE,
        related_name="verdicts",
        db_constraint=False,
        db_index=False,
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    choice = models.CharField(max_length=20, choices=VERDICTS)
    note = models.TextField(blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "run", "reviewer"], name="shadow_verdict_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.choice} on {self.run_id}"
