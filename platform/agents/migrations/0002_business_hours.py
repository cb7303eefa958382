from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="businessprofile",
            name="exceptions",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="businessprofile",
            name="holidays",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
