"""When the carrier was last asked whether a call is over, so that each is asked about in turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("telephony", "0012_recording_starts")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
