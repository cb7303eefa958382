from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("healthcare", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="caller_number",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
