from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0007_extraction_drafted"),
    ]

    operations = [
        migrations.AddField(
            model_name="agent",
            name="archived_at",
            field=models.DateTimeField(null=True),
        ),
    ]
