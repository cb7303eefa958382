from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0007_roundtrip"),
    ]

    operations = [
        migrations.AddField(
            model_name="poolminute",
            name="avoided",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
