from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("homeservices", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="caller_number",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
