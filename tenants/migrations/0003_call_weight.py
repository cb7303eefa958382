"""A company's weight while call slots are short. Only control writes it: the app's grant names its columns."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_framework_grants")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="call_weight",
            field=models.PositiveSmallIntegerField(
                db_default=1,
                default=1,
                help_text="How much of the call slots is this company's while they are short: a company of weight 3 "
                "may hold three times as many as one of weight 1. From 1 to 10; without effect while there is room.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(10),
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.CheckConstraint(
                condition=models.Q(call_weight__range=(1, 10)), name="tenant_call_weight_1_to_10"
            ),
        ),
    ]
