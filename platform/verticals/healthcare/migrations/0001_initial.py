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
            name="Appointment",
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
                ("reason", models.CharField(max_length=200)),
                ("patient_name", models.CharField(max_length=200)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "booked"),
                            ("arrived", "patient is here"),
                            ("done", "finished"),
                            ("cancelled", "cancelled"),
                            ("missed", "missed"),
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
                "db_table": "healthcare_appointment",
                "indexes": [
                    models.Index(
                        fields=["tenant", "starts_at"], name="healthcare_appointment_starts"
                    ),
                    models.Index(fields=["tenant", "call_id"], name="healthcare_appointment_call"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "reference"), name="healthcare_appointment_reference"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="healthcare_appointment_lasts",
                    ),
                ],
            },
        ),
        IsolateTable("healthcare_appointment"),
        MoveToSchema("healthcare_appointment", "healthcare_voice"),
    ]
