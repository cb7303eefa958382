from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("healthcare", "0002_caller_number"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="revision",
            field=models.PositiveIntegerField(default=0, db_default=0),
        ),
        migrations.AddField(
            model_name="appointment",
            name="changed_at",
            field=models.DateTimeField(db_default=Now(), editable=False),
        ),
    ]
