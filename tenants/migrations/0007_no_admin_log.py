"""Django's admin is gone, and with it the log that it alone wrote."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tenants", "0006_human_number_e164")]

    operations = [
        migrations.RunSQL(
            """
            DROP TABLE IF EXISTS django_admin_log;
            DELETE FROM tenants_user_user_permissions WHERE permission_id IN (
                SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
                WHERE t.app_label = 'admin');
            DELETE FROM auth_group_permissions WHERE permission_id IN (
                SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
                WHERE t.app_label = 'admin');
            DELETE FROM auth_permission WHERE content_type_id IN (
                SELECT id FROM django_content_type WHERE app_label = 'admin');
            DELETE FROM django_content_type WHERE app_label = 'admin';
            DELETE FROM django_migrations WHERE app = 'admin';
            """,
            migrations.RunSQL.noop,
        )
    ]
