from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0004_calendar_feed"),
    ]

    operations = [
        migrations.AddField(
            model_name="agentversion",
            name="extraction",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
