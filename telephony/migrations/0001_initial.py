"""Numbers, calls, their events and recordings, and the webhooks acted on: every table a tenant's."""

import django.db.models.deletion
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import ControlMayRead, DefinerFunction, IsolateTable, TenantKey


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0002_framework_grants"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
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
                ("carrier", models.CharField(default="twilio", max_length=16)),
                ("carrier_call_id", models.CharField(max_length=64)),
                (
                    "direction",
                    models.CharField(
                        choices=[("inbound", "inbound"), ("outbound", "outbound")],
                        default="inbound",
                        max_length=8,
                    ),
                ),
                ("from_number", models.CharField(blank=True, max_length=64)),
                ("to_number", models.CharField(max_length=64)),
                ("region", models.CharField(blank=True, max_length=32)),
                ("vertical", models.CharField(max_length=32)),
                ("agent_version_id", models.CharField(blank=True, max_length=64)),
                ("audience", models.CharField(default="caller", max_length=8)),
                ("human_number", models.CharField(blank=True, max_length=16)),
                ("verstat", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ringing", "ringing"),
                            ("live", "live"),
                            ("handed_over", "handed_over"),
                            ("ended", "ended"),
                        ],
                        default="ringing",
                        max_length=16,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("routing", models.JSONField(default=dict)),
                ("leases", models.JSONField(default=list)),
                ("started_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=32)),
                ("turns", models.PositiveIntegerField(default=0)),
                ("first_audio_p50_ms", models.FloatField(null=True)),
                ("first_audio_p95_ms", models.FloatField(null=True)),
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
            name="CallEventRow",
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
                ("epoch", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=32)),
                ("region", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("at_ms", models.FloatField()),
                ("payload", models.JSONField()),
                (
                    "call",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="telephony.call",
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
            name="Number",
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
                ("e164", models.CharField(max_length=16)),
                ("agent_id", models.UUIDField()),
                (
                    "mode",
                    models.CharField(
                        choices=[("live", "live"), ("shadow", "shadow")],
                        default="live",
                        max_length=8,
                    ),
                ),
                ("human_number", models.CharField(blank=True, max_length=16)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
            name="Recording",
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
                ("name", models.CharField(max_length=128)),
                ("size_bytes", models.PositiveBigIntegerField()),
                ("seconds", models.FloatField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "call",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="telephony.call",
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
            name="WebhookReceipt",
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
                ("provider", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=160)),
                ("answer", models.TextField(blank=True)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
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
            model_name="number",
            index=models.Index(fields=["e164"], name="telephony_number_resolve"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["tenant", "-id"], name="telephony_call_page"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["tenant", "state", "-id"], name="telephony_call_by_state"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["tenant", "started_at"], name="telephony_call_by_start"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                fields=("tenant", "carrier", "carrier_call_id"), name="telephony_call_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="calleventrow",
            constraint=models.UniqueConstraint(
                fields=("tenant", "call", "epoch", "number"), name="telephony_event_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="number",
            constraint=models.UniqueConstraint(
                fields=("tenant", "e164"), name="telephony_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.UniqueConstraint(
                fields=("tenant", "call"), name="telephony_recording_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookreceipt",
            constraint=models.UniqueConstraint(
                fields=("tenant", "provider", "key"), name="telephony_receipt_once"
            ),
        ),
        IsolateTable("telephony_number"),
        IsolateTable("telephony_call"),
        IsolateTable("telephony_calleventrow"),
        IsolateTable("telephony_recording"),
        IsolateTable("telephony_webhookreceipt"),
        TenantKey("telephony_calleventrow", "call_id", "telephony_call"),
        TenantKey("telephony_recording", "call_id", "telephony_call"),
        # The sweeper finds lost calls across tenants and sends each tenant its own job.
        ControlMayRead("telephony_call"),
        # Asked before a tenant is known. Were two tenants ever to claim a number, the first one has it.
        DefinerFunction(
            "resolve_number(e164 text)",
            returns="uuid",
            body=(
                "SELECT n.tenant_id FROM public.telephony_number n WHERE n.e164 = resolve_number.e164"
                " ORDER BY n.created_at, n.id LIMIT 1"
            ),
            reads={"telephony_number": ("id", "tenant_id", "e164", "created_at")},
        ),
    ]
