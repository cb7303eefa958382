import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import IsolateTable, TenantKey


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0002_framework_grants"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agent",
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
                ("name", models.CharField(max_length=60)),
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
        ),
        migrations.CreateModel(
            name="AgentVersion",
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
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("live", "Live"), ("retired", "Retired")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("greeting", models.CharField(max_length=300)),
                ("facts", models.JSONField(default=list)),
                ("tools", models.JSONField(default=list)),
                ("vocabulary", models.JSONField(default=list)),
                ("voice", models.CharField(default="en-us", max_length=60)),
                ("speed", models.FloatField(default=1.0)),
                ("language", models.CharField(default="en", max_length=20)),
                ("limits", models.JSONField(default=dict)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="agents.agent",
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
        ),
        migrations.CreateModel(
            name="BusinessProfile",
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
                ("week", models.JSONField()),
                ("slot_minutes", models.PositiveIntegerField(default=60)),
                ("step_minutes", models.PositiveIntegerField(default=30)),
                ("capacity", models.PositiveIntegerField(default=1)),
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
        ),
        migrations.CreateModel(
            name="ToolRun",
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
                ("tool_call_id", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=60)),
                ("arguments", models.JSONField()),
                ("ok", models.BooleanField(default=False)),
                ("result", models.JSONField(default=dict)),
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
        ),
        migrations.AddConstraint(
            model_name="agent",
            constraint=models.UniqueConstraint(fields=("tenant", "name"), name="agents_agent_name"),
        ),
        migrations.AddConstraint(
            model_name="agentversion",
            constraint=models.UniqueConstraint(
                fields=("tenant", "agent", "number"), name="agents_version_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="agentversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "live")),
                fields=("tenant", "agent"),
                name="agents_version_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="businessprofile",
            constraint=models.UniqueConstraint(fields=("tenant",), name="agents_business_one"),
        ),
        migrations.AddConstraint(
            model_name="toolrun",
            constraint=models.UniqueConstraint(
                fields=("tenant", "call_id", "tool_call_id"), name="agents_run_once"
            ),
        ),
        IsolateTable("agents_businessprofile"),
        IsolateTable("agents_agent"),
        IsolateTable("agents_agentversion"),
        TenantKey("agents_agentversion", "agent_id", "agents_agent"),
        IsolateTable("agents_toolrun"),
    ]
