"""Each part of a recording has its place in the call: between two parts lies what nobody kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("telephony", "0011_outcome_in_call_lists")]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="starts_ms",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
