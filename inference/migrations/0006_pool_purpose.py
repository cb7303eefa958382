from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0005_pool_price"),
    ]

    operations = [
        migrations.AddField(
            model_name="pool",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("calls", "for calls"),
                    ("stand_in", "smaller model"),
                    ("hosted", "hosted provider"),
                ],
                default="calls",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="pool",
            constraint=models.CheckConstraint(
                condition=models.Q(("fixed_url", ""), ("purpose", "hosted"), _negated=True),
                name="pool_hosted_has_its_address",
            ),
        ),
    ]
