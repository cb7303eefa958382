"""A company's class: the replicas kept warm for it. Only control writes it: the app's grant names its columns."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_call_weight")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="warm_replicas",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="This company's class: so many replicas are kept warm, whatever happens, in every pool that "
                "its calls may be served by. 0: none for its sake.",
                validators=[django.core.validators.MaxValueValidator(100)],
            ),
        ),
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.CheckConstraint(
                condition=models.Q(warm_replicas__range=(0, 100)),
                name="tenant_warm_replicas_0_to_100",
            ),
        ),
    ]
