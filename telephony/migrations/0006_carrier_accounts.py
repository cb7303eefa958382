"""Accounts at carriers, numbers that are bought through them, and what happens outside hours."""

import django.db.models.deletion
from django.db import migrations, models

import tenants.rows
import tenants.sealed
import warmline.kernel.ids
from tenants.rls import ControlMay, IsolateTable, TenantKey


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0005_numbers_e164"),
        ("tenants", "0007_no_admin_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberOrder",
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
                ("agent_id", models.UUIDField(null=True)),
                ("address_id", models.CharField(blank=True, max_length=64)),
                ("bundle_id", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("contested", "contested"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("claimed_until", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="number",
            name="carrier_number_id",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
        migrations.AddField(
            model_name="number",
            name="closed_words",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AddField(
            model_name="number",
            name="hours",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="number",
            name="is_bought",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="number",
            name="is_releasing",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="number",
            name="outside",
            field=models.CharField(
                choices=[
                    ("agent", "agent"),
                    ("person", "person"),
                    ("message", "message"),
                    ("closed", "closed"),
                ],
                db_default="agent",
                default="agent",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="number",
            name="agent_id",
            field=models.UUIDField(null=True),
        ),
        migrations.CreateModel(
            name="CarrierAccount",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("own", "own"), ("subaccount", "subaccount")], max_length=12
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opening", "opening"),
                            ("open", "open"),
                            ("closing", "closing"),
                            ("closed", "closed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("account_id", models.CharField(blank=True, max_length=64)),
                ("region", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=64)),
                ("is_trial", models.BooleanField(default=False)),
                ("key_id", models.CharField(blank=True, max_length=64)),
                ("sealed", tenants.sealed.SealedTextField(blank=True, purpose="carrier account")),
                ("why", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("rotated_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
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
        migrations.AddField(
            model_name="number",
            name="account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="telephony.carrieraccount",
            ),
        ),
        migrations.AddIndex(
            model_name="number",
            index=models.Index(
                condition=models.Q(("is_releasing", True)),
                fields=["tenant"],
                name="telephony_releasing",
            ),
        ),
        migrations.AddField(
            model_name="numberorder",
            name="account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="telephony.carrieraccount",
            ),
        ),
        migrations.AddField(
            model_name="numberorder",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                default=tenants.rows.bound_tenant_uuid,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddConstraint(
            model_name="carrieraccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("account_id", ""), _negated=True),
                fields=("tenant", "carrier", "account_id", "region"),
                name="telephony_account_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="carrieraccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "subaccount"), models.Q(("state", "closed"), _negated=True)
                ),
                fields=("tenant", "carrier"),
                name="telephony_account_one_sub",
            ),
        ),
        migrations.AddIndex(
            model_name="numberorder",
            index=models.Index(fields=["tenant", "-id"], name="telephony_order_latest"),
        ),
        migrations.AddConstraint(
            model_name="numberorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("tenant", "e164"),
                name="telephony_order_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("e164__regex", "^\\+[1-9][0-9]{6,14}$")),
                name="telephony_order_e164",
            ),
        ),
        IsolateTable("telephony_carrieraccount"),
        IsolateTable("telephony_numberorder"),
        TenantKey("telephony_number", "account_id", "telephony_carrieraccount"),
        TenantKey("telephony_numberorder", "account_id", "telephony_carrieraccount"),
        # Jobs find what was begun and not finished across tenants; of an account no credential.
        ControlMay(
            "telephony_carrieraccount", "SELECT (id, tenant_id, kind, state, claimed_until)"
        ),
        ControlMay("telephony_numberorder", "SELECT (id, tenant_id, e164, state, claimed_until)"),
        ControlMay("telephony_number", "SELECT (id, tenant_id, e164, is_releasing)"),
    ]
