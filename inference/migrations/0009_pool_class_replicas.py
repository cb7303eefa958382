from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0008_poolminute_avoided"),
    ]

    operations = [
        migrations.AddField(
            model_name="pool",
            name="class_replicas",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
