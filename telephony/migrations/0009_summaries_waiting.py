"""The job that summarises calls looks across tenants for those that wait."""

from django.db import migrations, models

from tenants.rls import ControlMayRead


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("telephony", "0008_usage")]

    operations = [
        migrations.AddIndex(
            "callsummary",
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(("state", "waiting")),
                name="telephony_summary_waiting",
            ),
        ),
        ControlMayRead("telephony_callsummary"),
    ]
