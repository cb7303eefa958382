"""A company's person is reached at a number in E.164. Not of rows that are there already."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("tenants", "0005_credentials")]

    operations = [
        AddConstraintNotValid(
            model_name="tenant",
            constraint=models.CheckConstraint(
                condition=models.Q(human_number__regex=r"^(\+[1-9][0-9]{6,14})?$"),
                name="tenant_human_number_e164",
            ),
        ),
    ]
