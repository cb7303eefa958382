"""Owners are told of their trial's end once: how far they were told stands in the company's row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("tenants", "0011_people_and_companies")]

    operations = [
        migrations.AddField(
            "tenant",
            "trial_told",
            models.PositiveSmallIntegerField(default=0, db_default=0, editable=False),
        ),
    ]
