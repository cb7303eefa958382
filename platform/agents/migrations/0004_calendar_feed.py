import django.db.models.deletion
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import DefinerFunction, IsolateTable


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0003_editing"),
        ("tenants", "0007_no_admin_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
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
                ("token_sha256", models.BinaryField(max_length=32)),
                ("created_at", models.DateTimeField()),
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
                "indexes": [models.Index(fields=["token_sha256"], name="agents_calendar_token")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="agents_calendar_one")
                ],
            },
        ),
        IsolateTable("agents_calendarfeed"),
        DefinerFunction(
            "resolve_calendar(token bytea)",
            returns="uuid",
            body=(
                "SELECT c.tenant_id FROM public.agents_calendarfeed c"
                " WHERE c.token_sha256 = resolve_calendar.token"
            ),
            reads={"agents_calendarfeed": ("tenant_id", "token_sha256")},
        ),
    ]
