from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shadow", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="shadowrun",
            name="unjudged",
            field=models.PositiveIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="shadowturn",
            name="unjudged",
            field=models.TextField(blank=True, db_default=""),
        ),
    ]
