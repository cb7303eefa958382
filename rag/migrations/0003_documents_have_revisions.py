"""Each document that is there gets its text as a revision, which the jobs index anew."""

from hashlib import sha256

from django.db import migrations


def give_revisions(apps, schema_editor) -> None:
    alias = schema_editor.connection.alias
    collections = apps.get_model("rag", "Collection").objects.using(alias)
    documents = apps.get_model("rag", "Document").objects.using(alias)
    revisions = apps.get_model("rag", "Revision").objects.using(alias)
    # Its passages carry no revision; the index is made again from the documents.
    apps.get_model("rag", "Chunk").objects.using(alias).all().delete()
    collections.update(chroma_id=None)
    for document in documents.order_by("id").iterator():
        collection, _ = collections.get_or_create(
            tenant_id=document.tenant_id, name_key="general", defaults={"name": "General"}
        )
        content = sha256(document.text.encode()).hexdigest()
        revision = revisions.create(
            tenant_id=document.tenant_id,
            document_id=document.pk,
            collection_id=collection.pk,
            source="text",
            text=document.text,
            size_bytes=len(document.text.encode()),
            content_sha256=content,
        )
        documents.filter(pk=document.pk).update(
            collection_id=collection.pk,
            latest_id=revision.pk,
            sha256=sha256(f"{document.title}\n{content}".encode()).hexdigest(),
        )


class Migration(migrations.Migration):
    dependencies = [("rag", "0002_revisions")]

    operations = [migrations.RunPython(give_revisions, migrations.RunPython.noop)]
