"""Scopes, ends and origins of API keys; writes that are sent twice and done once."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import ControlMay, DefinerFunction, IsolateTable, TenantKey

SIGNATURE = "resolve_api_key(secret bytea)"
OF_0001 = DefinerFunction(
    SIGNATURE,
    returns="uuid",
    body="SELECT k.tenant_id FROM public.tenants_apikey k"
    " WHERE k.secret_sha256 = resolve_api_key.secret AND k.revoked_at IS NULL",
    reads={"tenants_apikey": ("tenant_id", "secret_sha256", "revoked_at")},
)


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0009_accounts"),
    ]

    operations = [
        migrations.AddField("apikey", "scopes", models.JSONField(default=list)),
        # Until now every key could read calls, and nothing else was there to be done with one.
        migrations.RunSQL(
            "UPDATE tenants_apikey SET scopes = '[\"calls.read\"]'", migrations.RunSQL.noop
        ),
        migrations.AddField("apikey", "origins", models.JSONField(default=list)),
        migrations.AddField("apikey", "maker", models.UUIDField(editable=False, null=True)),
        migrations.AddField("apikey", "parent", models.UUIDField(editable=False, null=True)),
        migrations.AddField("apikey", "replaces", models.UUIDField(editable=False, null=True)),
        migrations.AddField("apikey", "expires_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("apikey", "last_used_at", models.DateTimeField(blank=True, null=True)),
        DefinerFunction(
            SIGNATURE,
            returns="uuid",
            body="SELECT k.tenant_id FROM public.tenants_apikey k"
            " WHERE k.secret_sha256 = resolve_api_key.secret AND k.revoked_at IS NULL"
            " AND (k.expires_at IS NULL OR k.expires_at > now())",
            reads={"tenants_apikey": ("tenant_id", "secret_sha256", "revoked_at", "expires_at")},
            replaces=OF_0001,
        ),
        migrations.CreateModel(
            name="IdempotentRequest",
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
                ("place", models.BinaryField(max_length=32)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("answer", models.BinaryField(null=True)),
                ("held_until", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.apikey",
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
                "indexes": [models.Index(fields=["created_at"], name="idempotent_oldest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["tenant", "key", "place"], name="idempotent_once"
                    )
                ],
            },
        ),
        IsolateTable("tenants_idempotentrequest"),
        TenantKey("tenants_idempotentrequest", "key_id", "tenants_apikey"),
        # What is past its time is deleted for all companies at once.
        ControlMay("tenants_idempotentrequest", "SELECT (id, created_at), DELETE"),
    ]
