from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0004_poolminute_expected"),
    ]

    operations = [
        migrations.AddField(
            model_name="pool",
            name="price_an_hour",
            field=models.FloatField(default=0.0),
        ),
    ]
