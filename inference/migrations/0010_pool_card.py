from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0009_pool_class_replicas"),
    ]

    operations = [
        migrations.AddField(
            model_name="pool",
            name="card",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
    ]
