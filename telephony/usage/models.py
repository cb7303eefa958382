"""Rows of usage, added up by a job: no page counts a million calls."""

from django.db import models

from tenants.rows import TenantModel


class DailyUsage(TenantModel):
    """One day of the company's clock; figures only grow, whatever is erased later."""

    day = models.DateField()
    calls = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    seconds = models.FloatField()
    rolled_at = models.DateTimeField()

    class Meta:
        app_label = "telephony"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "day"], name="telephony_usage_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.calls} calls"


class QuotaNotice(TenantModel):
    """The company was told that so much of a month's minutes is used; once for each step."""

    month = models.DateField()
    percent = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "telephony"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "month", "percent"], name="telephony_quota_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.percent} %"
