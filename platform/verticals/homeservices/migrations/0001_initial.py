import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import IsolateTable, MoveToSchema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0002_framework_grants"),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=warmline.kernel.ids.new_uuid,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("call_id", models.UUIDField()),
                ("reference", models.CharField(max_length=8)),
                ("service", models.CharField(max_length=200)),
                ("customer_name", models.CharField(max_length=200)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "booked"),
                            ("on_the_way", "technician on the way"),
                            ("done", "finished"),
                            ("cancelled", "cancelled"),
                        ],
                        default="booked",
                        max_length=20,
                    ),
                ),
                ("as_said", models.JSONField(default=dict)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
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
            ],
            options={
                "db_table": "homeservices_visit",
                "indexes": [
                    models.Index(fields=["tenant", "starts_at"], name="homeservices_visit_starts"),
                    models.Index(fields=["tenant", "call_id"], name="homeservices_visit_call"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "reference"), name="homeservices_visit_reference"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="homeservices_visit_lasts",
                    ),
                ],
            },
        ),
        IsolateTable("homeservices_visit"),
        MoveToSchema("homeservices_visit", "homeservices_voice"),
    ]
