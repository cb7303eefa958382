"""Drafts beside versions; a version's words cannot be changed any more, by the database's own grants."""

import django.db.models.deletion
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import DatabaseOperation, IsolateTable, TenantKey

RECEPTIONIST = "the receptionist"
STATES = [("shadow", "Shadow"), ("live", "Live"), ("retired", "Retired")]


def no_list():
    return models.JSONField(db_default=models.Value([], models.JSONField()), default=list)


class Freeze(DatabaseOperation):
    """The app adds versions and moves them through their states; it changes no word and deletes none."""

    def forwards(self):
        return (
            "REVOKE UPDATE, DELETE ON agents_agentversion FROM warmline_app",
            "GRANT UPDATE (state, live_at, live_by) ON agents_agentversion TO warmline_app",
        )

    def backwards(self):
        return ("GRANT UPDATE, DELETE ON agents_agentversion TO warmline_app",)

    def describe(self):
        return "Freeze what agents' versions say"


class NameVersions(DatabaseOperation):
    """A version introduces itself as its agent was called, whatever that is called later."""

    def forwards(self):
        return (
            (
                "UPDATE agents_agentversion SET live_at = created_at,"
                " name = (SELECT a.name FROM agents_agent a WHERE a.id = agent_id)"
            ),
        )

    def backwards(self):
        return ()

    def describe(self):
        return "Keep in each version the name by which its agent introduces itself"


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_business_hours"),
        ("tenants", "0007_no_admin_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgentDraft",
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
                ("name", models.CharField(db_default="", max_length=60)),
                (
                    "role",
                    models.CharField(db_default=RECEPTIONIST, default=RECEPTIONIST, max_length=120),
                ),
                ("instructions", models.TextField(blank=True, db_default="", max_length=4000)),
                ("greeting", models.CharField(blank=True, max_length=300)),
                ("facts", models.JSONField(default=list)),
                ("tools", models.JSONField(default=list)),
                ("collections", no_list()),
                ("vocabulary", models.JSONField(default=list)),
                ("voice", models.CharField(default="en-us", max_length=60)),
                ("speed", models.FloatField(default=1.0)),
                ("language", models.CharField(default="en", max_length=20)),
                ("limits", models.JSONField(default=dict)),
                (
                    "on_failure",
                    models.CharField(db_default="person", default="person", max_length=10),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("based_on", models.PositiveIntegerField(null=True)),
                ("edited_by", models.CharField(max_length=254)),
                ("edited_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "agent"), name="agents_draft_one")
                ],
            },
        ),
        IsolateTable("agents_agentdraft"),
        TenantKey("agents_agentdraft", "agent_id", "agents_agent"),
        migrations.AddField("agentversion", "collections", no_list()),
        migrations.AddField(
            "agentversion",
            "instructions",
            models.TextField(blank=True, db_default="", max_length=4000),
        ),
        migrations.AddField("agentversion", "live_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "agentversion", "live_by", models.CharField(blank=True, db_default="", max_length=254)
        ),
        migrations.AddField(
            "agentversion", "made_by", models.CharField(blank=True, db_default="", max_length=254)
        ),
        migrations.AddField("agentversion", "name", models.CharField(db_default="", max_length=60)),
        migrations.AddField(
            "agentversion", "note", models.CharField(blank=True, db_default="", max_length=500)
        ),
        migrations.AddField(
            "agentversion",
            "on_failure",
            models.CharField(db_default="person", default="person", max_length=10),
        ),
        migrations.AddField(
            "agentversion", "reverted_from", models.PositiveIntegerField(null=True)
        ),
        migrations.AddField(
            "agentversion",
            "role",
            models.CharField(db_default=RECEPTIONIST, default=RECEPTIONIST, max_length=120),
        ),
        migrations.AlterField(
            "agentversion", "greeting", models.CharField(blank=True, max_length=300)
        ),
        migrations.AlterField(
            "agentversion",
            "state",
            models.CharField(choices=STATES, default="live", max_length=10),
        ),
        NameVersions(),
        migrations.AddConstraint(
            model_name="agentversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "shadow")),
                fields=("tenant", "agent"),
                name="agents_version_shadow",
            ),
        ),
        Freeze(),
    ]
