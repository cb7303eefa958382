from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0003_forecast"),
    ]

    operations = [
        migrations.AddField(
            model_name="poolminute",
            name="expected",
            field=models.FloatField(null=True),
        ),
    ]
