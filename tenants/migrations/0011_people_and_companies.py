"""Invitations, jobs that failed, and a company's life up to its erasure."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models

import tenants.rows
import warmline.kernel.clock
import warmline.kernel.ids
from tenants.names import APP_ROLE, CREDENTIALS_ROLE
from tenants.rls import (
    ALL_ROWS,
    DatabaseOperation,
    DefinerFunction,
    EraseWhenDue,
    GrantGlobal,
    IsolateTable,
)


class LetOwnersClose(DatabaseOperation):
    """The app says that a company has closed; when it is erased, control alone."""

    def forwards(self):
        return (f"GRANT UPDATE (closed_at) ON tenants_tenant TO {APP_ROLE}",)

    def backwards(self):
        return (f"REVOKE UPDATE (closed_at) ON tenants_tenant FROM {APP_ROLE}",)

    def describe(self):
        return "Let companies be closed by their owners"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0010_api_key_scopes")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="suspended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="tenant",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="tenant",
            name="erase_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        LetOwnersClose(),
        EraseWhenDue("tenants_tenant"),
        EraseWhenDue("tenants_auditevent"),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["tenant", "action", "-id"], name="audit_by_action"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["tenant", "actor", "-id"], name="audit_by_actor"),
        ),
        migrations.CreateModel(
            name="Invitation",
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
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
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
                ("token_sha256", models.BinaryField(max_length=32)),
                ("invited_by", models.CharField(max_length=254)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
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
                "indexes": [models.Index(fields=["token_sha256"], name="invitation_token")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        fields=("tenant", "email"),
                        name="invitation_once_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="invitation_email_lower",
                    ),
                ],
            },
        ),
        IsolateTable("tenants_invitation"),
        DefinerFunction(
            "resolve_invitation(token bytea)",
            returns="uuid",
            body="SELECT i.tenant_id FROM public.tenants_invitation i"
            " WHERE i.token_sha256 = resolve_invitation.token",
            reads={"tenants_invitation": ("tenant_id", "token_sha256")},
        ),
        # By ids, which cannot be guessed: a member is named to those they work with.
        DefinerFunction(
            "people_of(people uuid[])",
            runs_as=CREDENTIALS_ROLE,
            returns="TABLE (id uuid, name text, email text)",
            body="SELECT u.id, u.name, u.email FROM public.tenants_user u"
            " WHERE u.id = ANY (people_of.people)",
        ),
        migrations.CreateModel(
            name="TaskAttempt",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("task", models.CharField(max_length=200)),
                ("company", models.UUIDField(null=True)),
                ("args", models.JSONField(default=list)),
                ("kwargs", models.JSONField(default=dict)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("why", models.CharField(max_length=300)),
                (
                    "first_at",
                    models.DateTimeField(default=warmline.kernel.clock.now, editable=False),
                ),
                ("parked_at", models.DateTimeField(null=True)),
                ("again_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-parked_at"], name="task_parked"),
                    models.Index(fields=["company"], name="task_company"),
                ],
            },
        ),
        GrantGlobal("tenants_taskattempt", control=ALL_ROWS),
    ]
