"""What a document says is in its revisions alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rag", "0003_documents_have_revisions")]

    operations = [
        migrations.RemoveField(model_name="document", name="text"),
        migrations.RemoveField(model_name="chunk", name="document"),
        migrations.AlterField(
            model_name="document",
            name="collection",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="rag.collection",
            ),
        ),
        migrations.AlterField(
            model_name="chunk",
            name="revision",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="chunks",
                to="rag.revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                fields=("tenant", "collection", "sha256"), name="rag_document_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="chunk",
            constraint=models.UniqueConstraint(
                fields=("tenant", "revision", "number"), name="rag_chunk_once"
            ),
        ),
    ]
