"""Rows say by which version they were indexed, so that a later one can index them anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rag", "0004_content_in_revisions")]

    operations = [
        # What is there was indexed by the first form.
        migrations.AddField(
            model_name="revision",
            name="index_form",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="revision",
            name="index_form",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="wordindex",
            name="form",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("state", "ready")),
                fields=["index_form"],
                name="rag_revision_form",
            ),
        ),
    ]
