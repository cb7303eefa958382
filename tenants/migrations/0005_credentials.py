"""Passwords and sessions behind functions: no login role reads a password or a session any more.

Sessions are kept under the SHA-256 of their key. Those that exist end here: everybody signs in once more.
"""

from django.db import migrations

from tenants.names import CONTROL_ROLE, CREDENTIALS_ROLE
from tenants.rls import ALL_ROWS, AdmitCredentials, DatabaseOperation, DefinerFunction, GrantGlobal

# All of a user but the password; that is written by control and read by the functions.
USER = "id, email, name, is_active, is_staff, is_superuser, last_login, created_at"
# What a request needs of the one who makes it; sessions end when the fingerprint changes.
PERSON = (
    "is_superuser boolean, id uuid, email text, name text, is_active boolean, is_staff boolean,"
    " fingerprint text"
)
PERSONS = (
    "u.is_superuser, u.id, u.email, u.name, u.is_active, u.is_staff,"
    " encode(sha256(convert_to(u.password, 'UTF8')), 'hex')"
)


class HashSessionKeys(DatabaseOperation):
    """Room for a SHA-256 in place of a session's key."""

    def forwards(self):
        return (
            "DELETE FROM django_session",
            "ALTER TABLE django_session ALTER session_key TYPE varchar(64)",
        )

    def backwards(self):
        return (
            "DELETE FROM django_session",
            "ALTER TABLE django_session ALTER session_key TYPE varchar(40)",
        )

    def describe(self):
        return "Keep sessions under their key's SHA-256; those that exist end"


def credentials_function(signature, **fields):
    return DefinerFunction(signature, runs_as=CREDENTIALS_ROLE, **fields)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_warm_replicas")]

    operations = [
        migrations.AlterModelOptions(name="user", options={"base_manager_name": "objects"}),
        AdmitCredentials(),
        HashSessionKeys(),
        GrantGlobal(
            "tenants_user",
            control=f"SELECT ({USER}), INSERT, UPDATE, DELETE",
            credentials=f"SELECT ({USER}, password)",
            replaces=GrantGlobal(
                "tenants_user", app="SELECT, UPDATE (password, last_login)", control=ALL_ROWS
            ),
        ),
        GrantGlobal(
            "django_session",
            credentials=ALL_ROWS,
            replaces=GrantGlobal("django_session", app=ALL_ROWS, control=ALL_ROWS),
        ),
        credentials_function(
            "credential_of(address text)",
            caller=CONTROL_ROLE,
            returns=f"TABLE ({PERSON}, password text)",
            body=f"SELECT {PERSONS}, u.password FROM public.tenants_user u WHERE u.email = credential_of.address",  # noqa: S608
        ),
        credentials_function(
            "signed_in(person uuid)",
            returns=f"TABLE ({PERSON})",
            body=f"SELECT {PERSONS} FROM public.tenants_user u WHERE u.id = signed_in.person",  # noqa: S608
        ),
        # By ids, which cannot be guessed: a reviewer is named beside what they wrote.
        credentials_function(
            "names_of(people uuid[])",
            returns="TABLE (id uuid, called text)",
            body="SELECT u.id, coalesce(nullif(u.name, ''), u.email)"
            " FROM public.tenants_user u WHERE u.id = ANY (names_of.people)",
        ),
        credentials_function(
            "read_session(hashed_key text)",
            returns="text",
            body="SELECT s.session_data FROM public.django_session s"
            " WHERE s.session_key = read_session.hashed_key AND s.expire_date > now()",
        ),
        credentials_function(
            "create_session(hashed_key text, content text, expires timestamptz)",
            volatility="VOLATILE",
            returns="boolean",
            body="INSERT INTO public.django_session (session_key, session_data, expire_date)"
            " VALUES (create_session.hashed_key, create_session.content, create_session.expires)"
            " ON CONFLICT DO NOTHING RETURNING true",
        ),
        credentials_function(
            "update_session(hashed_key text, content text, expires timestamptz)",
            volatility="VOLATILE",
            returns="boolean",
            body="UPDATE public.django_session s"
            " SET session_data = update_session.content, expire_date = update_session.expires"
            " WHERE s.session_key = update_session.hashed_key RETURNING true",
        ),
        credentials_function(
            "end_session(hashed_key text)",
            volatility="VOLATILE",
            returns="boolean",
            body="DELETE FROM public.django_session s WHERE s.session_key = end_session.hashed_key RETURNING true",
        ),
        credentials_function(
            "end_expired_sessions()",
            volatility="VOLATILE",
            returns="bigint",
            body="WITH ended AS (DELETE FROM public.django_session s WHERE s.expire_date < now() RETURNING 1)"
            " SELECT count(*) FROM ended",
        ),
    ]
