"""What each role may do with Django's own tables, which belong to no tenant."""

from django.db import migrations

from tenants.rls import ALL_ROWS, GrantGlobal

CATALOGUE = (
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "tenants_user_groups",
    "tenants_user_user_permissions",
)


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        GrantGlobal("django_session", app=ALL_ROWS, control=ALL_ROWS),
        GrantGlobal("django_content_type", app="SELECT", control="SELECT"),
        # Commands look whether all migrations have run.
        GrantGlobal("django_migrations", app="SELECT", control="SELECT"),
        *(GrantGlobal(table, app="SELECT", control=ALL_ROWS) for table in CATALOGUE),
    ]
