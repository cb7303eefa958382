from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0005_erased_with_their_company"),
    ]

    operations = [
        migrations.AddField(
            model_name="agentversion",
            name="extraction",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
