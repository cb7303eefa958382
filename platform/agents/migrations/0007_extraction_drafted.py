from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0006_extraction"),
    ]

    operations = [
        migrations.AddField(
            model_name="agentdraft",
            name="extraction",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
