"""What a tenant's agents may know: documents, their passages, and where the vectors are."""

from django.db import models
from django.db.models.functions import Now

from tenants.rows import TenantModel


class Collection(TenantModel):
    """The tenant's one collection in Chroma: its id is here, under row-level security, alone."""

    chroma_id = models.UUIDField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="rag_collection_one")]

    def __str__(self) -> str:
        return str(self.chroma_id)


class Document(TenantModel):
    """A text the tenant gave us. `sha256` of title and text makes adding it twice harmless."""

    title = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sha256"], name="rag_document_once")
        ]

    def __str__(self) -> str:
        return self.title


class Chunk(TenantModel):
    """A passage: sentences that are retrieved and cited together, by the same id in Chroma."""

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="chunks",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "document", "number"], name="rag_chunk_once")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} [{self.number}]"
