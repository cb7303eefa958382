"""A company's usage, one row a day, and the notices of a month that runs out."""

import django.db.models.deletion
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import IsolateTable


def _tenants_row():
    return [
        (
            "id",
            models.UUIDField(
                default=warmline.kernel.ids.new_uuid,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        (
            "tenant",
            models.ForeignKey(
                db_index=False,
                default=tenants.rows.bound_tenant_uuid,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.tenant",
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0007_calls_findable"),
        ("tenants", "0011_people_and_companies"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyUsage",
            fields=[
                *_tenants_row(),
                ("day", models.DateField()),
                ("calls", models.PositiveIntegerField()),
                ("answered", models.PositiveIntegerField()),
                ("seconds", models.FloatField()),
                ("rolled_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "day"), name="telephony_usage_once_a_day"
                    )
                ],
            },
        ),
        IsolateTable("telephony_dailyusage"),
        migrations.CreateModel(
            name="QuotaNotice",
            fields=[
                *_tenants_row(),
                ("month", models.DateField()),
                ("percent", models.PositiveSmallIntegerField()),
                ("told_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "month", "percent"), name="telephony_quota_told_once"
                    )
                ],
            },
        ),
        IsolateTable("telephony_quotanotice"),
    ]
