"""Whether an agent says first that the call is recorded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0008_archived_agents"),
    ]

    operations = [
        migrations.AddField(
            model_name=name,
            name="announces_recording",
            field=models.BooleanField(db_default=False, default=False),
        )
        for name in ("agentdraft", "agentversion")
    ]
