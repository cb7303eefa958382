"""The row of a job that failed."""

from django.db import models

from tenants.columns import BoundedModel
from warmline.kernel.clock import now


class TaskAttempt(BoundedModel):
    """A job's message that was tried and not done; a job that is done at once has none.

    Its id is the message's. It belongs to the platform: `company` says for whom it ran.
    """

    id = models.UUIDField(primary_key=True)
    task = models.CharField(max_length=200)
    company = models.UUIDField(null=True)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=300)
    first_at = models.DateTimeField(default=now, editable=False)
    parked_at = models.DateTimeField(null=True)
    # An operator wants it tried again: a job sends it, since pages reach no broker.
    again_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "tenants"
        indexes = [
            models.Index(fields=["-parked_at"], name="task_parked"),
            models.Index(fields=["company"], name="task_company"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}: {self.attempts} attempts"
