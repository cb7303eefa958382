"""Calls are found by what they came to, by whom they were with, and by what was said.

Rows that are there get their outcome and length from what is known of them; what was said in them
becomes findable by and by (`telephony.tasks.index_ended_calls`).
"""

import django.db.models.deletion
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import ControlMayRead, IsolateTable, TenantKey

BOOKED = """
UPDATE telephony_call c SET facts = facts || '{"booked": true}' WHERE EXISTS (
    SELECT FROM telephony_calleventrow e
    WHERE e.tenant_id = c.tenant_id AND e.call_id = c.id AND e.kind = 'tool_returned'
    AND (e.payload -> 'ok')::boolean AND e.payload ->> 'result' ~ '"status": ?"(booked|moved)"')
"""
# As `telephony.calls.call_state.outcome_of` says it.
OUTCOMES = """
UPDATE telephony_call SET
    talked_ms = greatest(
        0, coalesce(extract(epoch FROM ended_at - answered_at) * 1000, 0)::bigint),
    outcome = CASE
        WHEN (facts -> 'booked')::boolean THEN 'booked'
        WHEN facts ->> 'handed' IS NOT NULL AND (facts -> 'human_answered')::boolean
            THEN 'handed_over'
        WHEN end_reason = 'refused' THEN 'refused'
        WHEN (facts -> 'human_answered')::boolean THEN 'answered_by_person'
        WHEN facts ->> 'handed' IS NOT NULL OR answered_at IS NULL THEN 'missed'
        WHEN end_reason IN ('stream_lost', 'media_failed', 'no_capacity') THEN 'failed'
        ELSE 'answered' END
WHERE state = 'ended'
"""
LISTED_BY = {
    "start": (),
    "caller": ("from_number",),
    "dialled": ("to_number",),
    "agent": ("agent_id",),
    "version": ("agent_version_id",),
    "outcome": ("outcome",),
    "reason": ("end_reason",),
    "audience": ("audience",),
}


def identifier() -> models.UUIDField:
    """The key of a tenant's row."""
    return models.UUIDField(
        default=warmline.kernel.ids.new_uuid, editable=False, primary_key=True, serialize=False
    )


def tenant() -> models.ForeignKey:
    """Whose row it is."""
    return models.ForeignKey(
        db_index=False,
        default=tenants.rows.bound_tenant_uuid,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenants.tenant",
    )


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("telephony", "0006_carrier_accounts"),
        ("tenants", "0007_no_admin_log"),
        ("agents", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="call", name="telephony_call_page"),
        migrations.RemoveIndex(model_name="call", name="telephony_call_by_start"),
        migrations.AddField("call", "agent_id", models.UUIDField(null=True)),
        migrations.AddField("call", "indexed_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "call", "outcome", models.CharField(blank=True, db_default="", max_length=20)
        ),
        migrations.AddField("call", "talked_ms", models.PositiveBigIntegerField(db_default=0)),
        migrations.RunSQL(BOOKED, migrations.RunSQL.noop),
        migrations.RunSQL(OUTCOMES, migrations.RunSQL.noop),
        migrations.RunSQL(
            "UPDATE telephony_call c SET agent_id = v.agent_id FROM agents_agentversion v"
            " WHERE v.tenant_id = c.tenant_id AND v.id::text = c.agent_version_id",
            migrations.RunSQL.noop,
        ),
        *(
            migrations.AddIndex(
                "call",
                models.Index(
                    fields=["tenant", *columns, "started_at", "id"],
                    name=f"telephony_call_by_{name}",
                ),
            )
            for name, columns in LISTED_BY.items()
        ),
        migrations.AddIndex(
            "call",
            models.Index(fields=["tenant", "talked_ms", "id"], name="telephony_call_by_length"),
        ),
        migrations.AddIndex(
            "call",
            models.Index(
                condition=models.Q(("indexed_at", None), ("state", "ended")),
                fields=["tenant", "ended_at"],
                name="telephony_call_unindexed",
            ),
        ),
        migrations.CreateModel(
            name="CallTerm",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant",
                        "term",
                        "started_at",
                        "call_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("term", models.BigIntegerField()),
                ("started_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        db_column="id",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="telephony.call",
                    ),
                ),
                ("tenant", tenant()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="CallSummary",
            fields=[
                ("id", identifier()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("done", "done"), ("failed", "failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("fields", models.JSONField(default=list)),
                ("model", models.CharField(blank=True, max_length=200)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "call",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="telephony.call",
                    ),
                ),
                ("tenant", tenant()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "call"), name="telephony_summary_once"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", identifier()),
                ("name", models.CharField(max_length=60)),
                ("owner_id", models.UUIDField(null=True)),
                ("filters", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("tenant", tenant()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "owner_id", "name"),
                        name="telephony_view_name",
                        nulls_distinct=False,
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", identifier()),
                ("number", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "running"), ("done", "done")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("calls", models.PositiveIntegerField(default=0)),
                ("recordings", models.PositiveIntegerField(default=0)),
                ("shadow_runs", models.PositiveIntegerField(default=0)),
                ("bookings", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("requested_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("tenant", tenant()),
            ],
            options={
                "indexes": [models.Index(fields=["tenant", "-id"], name="telephony_erasure_latest")]
            },
        ),
        migrations.CreateModel(
            name="UnnamedRecording",
            fields=[
                ("id", identifier()),
                ("name", models.CharField(max_length=128)),
                ("tenant", tenant()),
            ],
            options={"abstract": False},
        ),
        IsolateTable("telephony_callterm", key=None),
        IsolateTable("telephony_erasure"),
        IsolateTable("telephony_unnamedrecording"),
        # The job looks across tenants for work, and sends each its own.
        ControlMayRead("telephony_erasure"),
        ControlMayRead("telephony_unnamedrecording"),
        IsolateTable("telephony_callsummary"),
        IsolateTable("telephony_savedview"),
        TenantKey("telephony_callterm", "id", "telephony_call"),
        TenantKey("telephony_callsummary", "call_id", "telephony_call"),
    ]
