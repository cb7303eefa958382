"""Measured round trips: written by the jobs, read by whoever builds a snapshot."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from tenants.rls import ALL_ROWS, GrantGlobal


class Migration(migrations.Migration):
    dependencies = [("inference", "0006_pool_purpose")]

    operations = [
        migrations.CreateModel(
            name="RoundTrip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(blank=True, max_length=4)),
                ("ms", models.FloatField()),
                ("calls", models.PositiveIntegerField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="round_trips",
                        to="inference.region",
                    ),
                ),
            ],
            options={
                "ordering": ["prefix", "region"],
                "constraints": [
                    models.UniqueConstraint(fields=("prefix", "region"), name="round_trip_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ms__gt", 0)), name="round_trip_is_positive"
                    ),
                ],
            },
        ),
        GrantGlobal("inference_roundtrip", app="SELECT", control=ALL_ROWS),
    ]
