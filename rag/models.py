"""What a tenant's agents may know: documents, their passages, and where the vectors are."""

from django.db import models
from django.db.models.functions import Now

from rag.types import MAX_HEADING, MAX_TITLE, RevisionState, SourceKind
from tenants.rows import TenantModel


class Collection(TenantModel):
    """Documents that an agent may be given together.

    `chroma_id` is its collection in Chroma, null until something is in it: that id is here, under
    row-level security, alone.
    """

    name = models.CharField(max_length=80)
    # What names are compared by: no two collections differ by case alone.
    name_key = models.CharField(max_length=160)
    description = models.CharField(max_length=300, blank=True, default="")
    chroma_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name_key"], name="rag_collection_name")
        ]

    def __str__(self) -> str:
        return self.name


class Document(TenantModel):
    """Something the tenant gave us, under a title. `sha256` is of title and content: the same again
    changes nothing.

    `live_id` is the revision that answers, if any; `latest_id` the one that came last.
    """

    collection = models.ForeignKey(
        Collection,
        on_delete=models.PROTECT,
        related_name="documents",
        db_constraint=False,
        db_index=False,
    )
    title = models.CharField(max_length=MAX_TITLE)
    sha256 = models.CharField(max_length=64)
    live_id = models.UUIDField(null=True)
    latest_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "collection", "sha256"], name="rag_document_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Revision(TenantModel):
    """A document's content as it was given once, and how far it is on its way into the index.

    What was given is `text`, or lies in the store under the name `original`, or is still to be
    fetched from `url`. `claim` is the run of the job that works on it: another one takes it over by
    writing its own.
    """

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="revisions",
        db_constraint=False,
        db_index=False,
    )
    # Where its passages go: another collection than the document's while it is being moved.
    collection = models.ForeignKey(
        Collection,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    source = models.CharField(max_length=10, choices=SourceKind.choices)
    text = models.TextField(blank=True, default="")
    original = models.CharField(max_length=120, blank=True, default="")
    file_name = models.CharField(max_length=200, blank=True, default="")
    url = models.CharField(max_length=2000, blank=True, default="")
    media_type = models.CharField(max_length=100, blank=True, default="")
    size_bytes = models.BigIntegerField(default=0)
    content_sha256 = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(
        max_length=12, choices=RevisionState.choices, default=RevisionState.QUEUED
    )
    problem = models.CharField(max_length=500, blank=True, default="")
    advice = models.CharField(max_length=500, blank=True, default="")
    pages = models.PositiveIntegerField(default=0)
    passages = models.PositiveIntegerField(default=0)
    embedded = models.PositiveIntegerField(default=0)
    # By which form (`INDEX_FORM`) it was indexed; 0 before it is.
    index_form = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # What control looks for: what is not finished, and nobody works on.
            models.Index(
                fields=["claimed_at"],
                condition=models.Q(state__in=("queued", "extracting", "embedding")),
                name="rag_revision_unfinished",
            ),
            # And what an earlier version indexed.
            models.Index(
                fields=["index_form"], condition=models.Q(state="ready"), name="rag_revision_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.state}"


class Chunk(TenantModel):
    """A passage: sentences that are retrieved and cited together, by the same id in Chroma."""

    revision = models.ForeignKey(
        Revision,
        on_delete=models.CASCADE,
        related_name="chunks",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField()
    text = models.TextField()
    heading = models.CharField(max_length=MAX_HEADING, blank=True, default="")
    page = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "revision", "number"], name="rag_chunk_once")
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} [{self.number}]"


class WordIndex(TenantModel):
    """Whether the tenant's index of words holds all that its documents say: `changed` counts their
    changes, `built` is the count that the index in the store was made at.
    """

    changed = models.PositiveIntegerField(default=0)
    built = models.PositiveIntegerField(default=0)
    form = models.PositiveSmallIntegerField(default=0)  # `WORDS_FORM` at that time
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="rag_word_index_one")]

    def __str__(self) -> str:
        return f"{self.built}/{self.changed}"
