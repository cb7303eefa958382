"""Numbers are E.164 in the database too, and none calls itself.

Not of rows that are there: an older one that holds "911" stays until it is set anew, and is not
dialled (`telephony.control.person`).
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("telephony", "0004_recording_confined")]

    operations = [
        AddConstraintNotValid(
            model_name="number",
            constraint=models.CheckConstraint(
                condition=models.Q(e164__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="telephony_number_e164",
            ),
        ),
        AddConstraintNotValid(
            model_name="number",
            constraint=models.CheckConstraint(
                condition=models.Q(human_number__regex=r"^(\+[1-9][0-9]{6,14})?$"),
                name="telephony_number_human_e164",
            ),
        ),
        AddConstraintNotValid(
            model_name="number",
            constraint=models.CheckConstraint(
                condition=models.Q(("human_number", models.F("e164")), _negated=True),
                name="telephony_number_calls_another",
            ),
        ),
    ]
