from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="call", name="round_trip_ms", field=models.FloatField(null=True)
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("round_trip_ms__isnull", False)),
                fields=["-started_at"],
                name="telephony_call_round_trips",
            ),
        ),
    ]
