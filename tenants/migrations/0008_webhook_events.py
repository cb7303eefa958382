"""The role of an owner, and what webhooks will tell."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import ControlMayRead, IsolateTable


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0007_no_admin_log"),
    ]

    operations = [
        migrations.AlterField(
            model_name="member",
            name="role",
            field=models.CharField(
                choices=[
                    ("owner", "Owner"),
                    ("admin", "Admin"),
                    ("builder", "Builder"),
                    ("reviewer", "Reviewer"),
                    ("viewer", "Viewer"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="WebhookEvent",
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
                ("type", models.CharField(max_length=40)),
                ("data", models.JSONField()),
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
                "indexes": [
                    models.Index(fields=["tenant", "-created_at"], name="webhook_event_latest")
                ],
            },
        ),
        IsolateTable("tenants_webhookevent", app="SELECT, INSERT, DELETE"),
        # What is due is found across tenants; sent it is by each tenant's own job.
        ControlMayRead("tenants_webhookevent"),
    ]
