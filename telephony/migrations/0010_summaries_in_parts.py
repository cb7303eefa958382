"""A long call is summarised in parts: how far it was read stands in its row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("telephony", "0009_summaries_waiting")]

    operations = [
        migrations.AddField("callsummary", "pieces_read", models.PositiveIntegerField(default=0)),
    ]
