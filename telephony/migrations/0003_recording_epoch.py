"""A call that a second media process takes up keeps both parts of its recording."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("telephony", "0002_call_round_trip")]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="epoch",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.RemoveConstraint(model_name="recording", name="telephony_recording_once"),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.UniqueConstraint(
                fields=("tenant", "call", "epoch"), name="telephony_recording_once"
            ),
        ),
    ]
