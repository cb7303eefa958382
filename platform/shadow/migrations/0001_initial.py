import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import ControlMayRead, IsolateTable, TenantKey


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0002_framework_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShadowRun",
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
                ("agent_version_id", models.CharField(blank=True, max_length=64)),
                ("from_number", models.CharField(blank=True, max_length=64)),
                ("to_number", models.CharField(blank=True, max_length=64)),
                ("called_at", models.DateTimeField()),
                ("score", models.FloatField(null=True)),
                (
                    "scored_at",
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
            name="ShadowTurn",
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
                ("caller_text", models.TextField()),
                ("agent_text", models.TextField(blank=True)),
                ("human_text", models.TextField(blank=True)),
                ("agent_actions", models.JSONField(default=list)),
                ("human_actions", models.JSONField(default=list)),
                ("score", models.FloatField(null=True)),
                ("meaning", models.FloatField(null=True)),
                ("facts", models.FloatField(null=True)),
                ("action", models.FloatField(null=True)),
                ("because", models.TextField(blank=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to="shadow.shadowrun",
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
            name="Verdict",
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
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("agree", "both are fine"),
                            ("agent_better", "the agent was better"),
                            ("human_better", "the person was better"),
                            ("unsafe", "the agent was unsafe"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now=True)),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="shadow.shadowrun",
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
        migrations.AddIndex(
            model_name="shadowrun",
            index=models.Index(fields=["tenant", "-called_at"], name="shadow_run_latest"),
        ),
        migrations.AddConstraint(
            model_name="shadowrun",
            constraint=models.UniqueConstraint(
                fields=("tenant", "call_id"), name="shadow_run_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shadowturn",
            constraint=models.UniqueConstraint(
                fields=("tenant", "run", "number"), name="shadow_turn_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(
                fields=("tenant", "run", "reviewer"), name="shadow_verdict_once"
            ),
        ),
        IsolateTable("shadow_shadowrun"),
        ControlMayRead("shadow_shadowrun"),
        IsolateTable("shadow_shadowturn"),
        TenantKey("shadow_shadowturn", "run_id", "shadow_shadowrun"),
        IsolateTable("shadow_verdict"),
        TenantKey("shadow_verdict", "run_id", "shadow_shadowrun"),
    ]
