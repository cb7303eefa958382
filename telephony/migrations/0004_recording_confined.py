"""A recording's name lies below its tenant's folder, and the same one again is told by its hash."""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Cast, Concat


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("telephony", "0003_recording_epoch")]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="sha256",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    name__regex=Concat(
                        Value("^", models.TextField()),
                        Cast("tenant_id", models.TextField()),
                        Value("/[A-Za-z0-9_-]{20,64}[.]wav$", models.TextField()),
                    )
                ),
                name="telephony_recording_confined",
            ),
        ),
    ]
