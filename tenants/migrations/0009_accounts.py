"""Accounts: addresses that are confirmed, second factors, sign-ins that can be ended, mail, trials.

Whoever is there already was made by an operator, who vouched for the address.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import warmline.kernel.ids
from tenants.names import CREDENTIALS_ROLE
from tenants.rls import ALL_ROWS, ControlMay, DatabaseOperation, DefinerFunction, GrantGlobal

# What a person signs in with beside the password; inside a tenant none of it can be seen.
OF_PEOPLE = (
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
)


class EndWithTheSession(DatabaseOperation):
    """A sign-in goes with its session, however that ends."""

    def forwards(self):
        return (
            "ALTER TABLE tenants_signin ADD CONSTRAINT tenants_signin_session FOREIGN KEY (session_key) REFERENCES django_session ON DELETE CASCADE",
        )

    def backwards(self):
        return ("ALTER TABLE tenants_signin DROP CONSTRAINT tenants_signin_session",)

    def describe(self):
        return "End a sign-in with its session"


class ConfirmAddresses(DatabaseOperation):
    """The addresses of those who are there already."""

    def forwards(self):
        return (
            'INSERT INTO account_emailaddress (email, verified, "primary", user_id) SELECT email, true, true, id FROM tenants_user',
        )

    def backwards(self):
        return ("DELETE FROM account_emailaddress",)

    def describe(self):
        return "Confirm the addresses of those who are there"


def sessions_function(signature, **fields):
    return DefinerFunction(signature, runs_as=CREDENTIALS_ROLE, volatility="VOLATILE", **fields)


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0008_webhook_events"),
        ("sessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="trial_ends_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="OutgoingMail",
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
                ("recipient", models.EmailField(max_length=254)),
                ("sealed", models.TextField(max_length=40000)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "due_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["due_at"], name="mail_due")]},
        ),
        migrations.CreateModel(
            name="SignIn",
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
                ("session_key", models.CharField(max_length=64, unique=True)),
                ("address", models.CharField(max_length=45)),
                ("device", models.CharField(max_length=200)),
                (
                    "began_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "seen_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        EndWithTheSession(),
        *(GrantGlobal(table, control=ALL_ROWS) for table in OF_PEOPLE),
        GrantGlobal("tenants_outgoingmail", control=ALL_ROWS),
        GrantGlobal("tenants_signin", credentials=ALL_ROWS),
        # Whoever signs up founds a company in one transaction, and is its owner.
        ControlMay("tenants_member", "INSERT"),
        ConfirmAddresses(),
        sessions_function(
            "note_sign_in(hashed_key text, id uuid, person uuid, address text, device text)",
            returns="boolean",
            body="INSERT INTO public.tenants_signin (id, session_key, user_id, address, device)"
            " VALUES (note_sign_in.id, note_sign_in.hashed_key, note_sign_in.person, note_sign_in.address, note_sign_in.device)"
            " ON CONFLICT (session_key) DO UPDATE SET user_id = excluded.user_id, began_at = now(), seen_at = now()"
            " RETURNING true",
        ),
        sessions_function(
            "note_seen(hashed_key text)",
            returns="boolean",
            body="UPDATE public.tenants_signin s SET seen_at = now()"
            " WHERE s.session_key = note_seen.hashed_key RETURNING true",
        ),
        sessions_function(
            "move_sign_in(hashed_key text, new_key text)",
            returns="boolean",
            body="UPDATE public.tenants_signin s SET session_key = move_sign_in.new_key"
            " WHERE s.session_key = move_sign_in.hashed_key RETURNING true",
        ),
        # Told and ended by whoever holds a session of the same person, by nobody else.
        DefinerFunction(
            "sign_ins_beside(hashed_key text)",
            runs_as=CREDENTIALS_ROLE,
            returns="TABLE (id uuid, address text, device text, began_at timestamptz, seen_at timestamptz, is_here boolean)",
            body="SELECT s.id, s.address, s.device, s.began_at, s.seen_at, s.session_key = sign_ins_beside.hashed_key"
            " FROM public.tenants_signin h JOIN public.tenants_signin s ON s.user_id = h.user_id"
            " JOIN public.django_session d ON d.session_key = s.session_key AND d.expire_date > now()"
            " WHERE h.session_key = sign_ins_beside.hashed_key"
            " ORDER BY s.seen_at DESC LIMIT 200",
        ),
        sessions_function(
            "end_sign_ins_beside(hashed_key text, which uuid)",
            returns="SETOF text",
            body="DELETE FROM public.django_session d USING public.tenants_signin h, public.tenants_signin s"
            " WHERE h.session_key = end_sign_ins_beside.hashed_key AND s.user_id = h.user_id"
            " AND s.session_key <> h.session_key AND d.session_key = s.session_key"
            " AND (end_sign_ins_beside.which IS NULL OR s.id = end_sign_ins_beside.which)"
            " RETURNING d.session_key",
        ),
    ]
