from django.db import migrations, models


class Migration(migrations.Migration):
    """The models' names follow the field's words; the columns keep theirs."""

    dependencies = [("inference", "0010_pool_card")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("pool", "want", "desired"),
                migrations.AlterField(
                    "pool",
                    "desired",
                    models.PositiveIntegerField(db_column="want", default=0),
                ),
                migrations.RenameField("pooldecision", "want", "desired"),
                migrations.AlterField(
                    "pooldecision", "desired", models.PositiveIntegerField(db_column="want")
                ),
                migrations.RenameField("pool", "sleepers", "max_asleep"),
                migrations.AlterField(
                    "pool",
                    "max_asleep",
                    models.PositiveIntegerField(db_column="sleepers", default=0),
                ),
                migrations.RenameField("pool", "card", "gpu"),
                migrations.AlterField(
                    "pool",
                    "gpu",
                    models.CharField(
                        blank=True, db_column="card", db_default="", default="", max_length=100
                    ),
                ),
            ]
        )
    ]
