"""Collections have names; a document's content is a revision of it, with its way into the index."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.rows
import warmline.kernel.ids
from tenants.rls import ControlMayRead, IsolateTable, TenantKey


def _tenant() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        default=tenants.rows.bound_tenant_uuid,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenants.tenant",
    )


def _id() -> models.UUIDField:
    return models.UUIDField(
        default=warmline.kernel.ids.new_uuid, editable=False, primary_key=True, serialize=False
    )


def _within(to: str, related_name: str, on_delete, **options) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=on_delete,
        related_name=related_name,
        to=to,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [("rag", "0001_initial"), ("tenants", "0007_no_admin_log")]

    operations = [
        migrations.RemoveConstraint(model_name="collection", name="rag_collection_one"),
        migrations.RemoveConstraint(model_name="document", name="rag_document_once"),
        migrations.RemoveConstraint(model_name="chunk", name="rag_chunk_once"),
        migrations.AddField(
            model_name="collection",
            name="name",
            field=models.CharField(default="General", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="collection",
            name="name_key",
            field=models.CharField(default="general", max_length=160),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="collection",
            name="description",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AlterField(
            model_name="collection", name="chroma_id", field=models.UUIDField(null=True)
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.UniqueConstraint(
                fields=("tenant", "name_key"), name="rag_collection_name"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="collection",
            field=_within(
                "rag.collection", "documents", django.db.models.deletion.PROTECT, null=True
            ),
        ),
        migrations.AddField(
            model_name="document", name="live_id", field=models.UUIDField(null=True)
        ),
        migrations.AddField(
            model_name="document", name="latest_id", field=models.UUIDField(null=True)
        ),
        migrations.AddField(
            model_name="document",
            name="updated_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", _id()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("file", "File"),
                            ("page", "Web page"),
                            ("site_map", "Site map"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True, default="")),
                ("original", models.CharField(blank=True, default="", max_length=120)),
                ("file_name", models.CharField(blank=True, default="", max_length=200)),
                ("url", models.CharField(blank=True, default="", max_length=2000)),
                ("media_type", models.CharField(blank=True, default="", max_length=100)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("content_sha256", models.CharField(blank=True, default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("extracting", "Being read"),
                            ("embedding", "Being indexed"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("superseded", "Replaced"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("problem", models.CharField(blank=True, default="", max_length=500)),
                ("advice", models.CharField(blank=True, default="", max_length=500)),
                ("pages", models.PositiveIntegerField(default=0)),
                ("passages", models.PositiveIntegerField(default=0)),
                ("embedded", models.PositiveIntegerField(default=0)),
                ("claim", models.UUIDField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "document",
                    _within("rag.document", "revisions", django.db.models.deletion.CASCADE),
                ),
                (
                    "collection",
                    _within("rag.collection", "+", django.db.models.deletion.PROTECT),
                ),
                ("tenant", _tenant()),
            ],
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "extracting", "embedding"))),
                fields=["claimed_at"],
                name="rag_revision_unfinished",
            ),
        ),
        migrations.CreateModel(
            name="WordIndex",
            fields=[
                ("id", _id()),
                ("changed", models.PositiveIntegerField(default=0)),
                ("built", models.PositiveIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("tenant", _tenant()),
            ],
        ),
        migrations.AddConstraint(
            model_name="wordindex",
            constraint=models.UniqueConstraint(fields=("tenant",), name="rag_word_index_one"),
        ),
        migrations.AddField(
            model_name="chunk",
            name="revision",
            field=_within("rag.revision", "chunks", django.db.models.deletion.CASCADE, null=True),
        ),
        migrations.AddField(
            model_name="chunk",
            name="heading",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="chunk", name="page", field=models.PositiveIntegerField(default=0)
        ),
        IsolateTable("rag_revision"),
        IsolateTable("rag_wordindex"),
        TenantKey("rag_document", "collection_id", "rag_collection"),
        TenantKey("rag_revision", "document_id", "rag_document"),
        TenantKey("rag_revision", "collection_id", "rag_collection"),
        TenantKey("rag_chunk", "revision_id", "rag_revision"),
        ControlMayRead("rag_revision"),
        ControlMayRead("rag_wordindex"),
    ]
