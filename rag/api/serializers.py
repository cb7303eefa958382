"""What the REST API takes and gives of knowledge."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers

from rag.actions import MAX_CHARACTERS
from rag.queries import MAX_QUESTION
from rag.types import (
    MAX_TITLE,
    Answer,
    CollectionLine,
    DocumentLine,
    PassageLine,
    Quota,
    RevisionState,
)
from tenants.api.requests import PageQuery
from tenants.api.serializers import FrozenSerializer

_LONGEST_URL = 2000


class CollectionSerializer(FrozenSerializer[CollectionLine]):
    """Documents that an agent may be given together."""

    class Meta:
        dataclass = CollectionLine


class CollectionsSerializer(serializers.Serializer[Any]):
    """All of the company's collections, by name."""

    items = CollectionSerializer(many=True)


class NewCollectionSerializer(serializers.Serializer[Any]):
    """A collection to be made, or what is to be changed of one."""

    name = serializers.CharField(max_length=80)
    description = serializers.CharField(max_length=300, required=False, allow_blank=True)


class DocumentsQuery(PageQuery):
    """What a list of documents may be narrowed by."""

    collection_id = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(
        required=False, choices=[state for state in RevisionState.values if state != "superseded"]
    )
    title = serializers.CharField(
        required=False, max_length=MAX_TITLE, help_text="A part of the title, in any case"
    )


class DocumentSerializer(FrozenSerializer[DocumentLine]):
    """A document: `state` is of the content that was given last, `answers` says whether any answers
    now.
    """

    class Meta:
        dataclass = DocumentLine


@extend_schema_field(OpenApiTypes.BINARY)
class UploadedFileField(serializers.FileField):
    """A file of a form."""


@extend_schema_serializer(
    examples=[OpenApiExample("A text", {"text": "We are open from 8 to 18."}, request_only=True)]
)
class ContentSerializer(serializers.Serializer[Any]):
    """A document's content: one of `text` and `url`; a file is sent as multipart/form-data."""

    text = serializers.CharField(required=False, max_length=MAX_CHARACTERS, trim_whitespace=False)
    url = serializers.CharField(
        required=False, max_length=_LONGEST_URL, help_text="A page on the public internet"
    )

    def validate(self, attrs: Any) -> Any:
        """Exactly one content."""
        if ("text" in attrs) == ("url" in attrs):
            raise serializers.ValidationError(
                "expected one of text and url, or a file as multipart/form-data",
                code="one_content",
            )
        return attrs


class FileContentSerializer(serializers.Serializer[Any]):
    """A document's content as a file."""

    # An empty one is refused by the action, in words that say what to do.
    file = UploadedFileField(
        allow_empty_file=True, help_text="PDF, Word (.docx), HTML, Markdown, CSV or plain text"
    )


class NewFileSerializer(FileContentSerializer):
    """A file to be added; without a title it takes its own."""

    title = serializers.CharField(required=False, max_length=MAX_TITLE)
    collection_id = serializers.UUIDField(
        required=False, help_text="Without one, the company's first collection"
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A text",
            {"title": "Opening hours", "text": "We are open from 8 to 18."},
            request_only=True,
        )
    ]
)
class NewDocumentSerializer(ContentSerializer):
    """A document to be added; without a title it takes its content's own."""

    title = serializers.CharField(required=False, max_length=MAX_TITLE)
    collection_id = serializers.UUIDField(
        required=False, help_text="Without one, the company's first collection"
    )
    site_map = serializers.BooleanField(
        required=False, default=False, help_text="`url` is a site map: each of its pages is added"
    )

    def validate(self, attrs: Any) -> Any:
        """A text has a title; only an address can be a site map's."""
        attrs = super().validate(attrs)
        if "text" in attrs and not attrs.get("title"):
            raise serializers.ValidationError({"title": "expected one with a text"})
        if attrs["site_map"] and "url" not in attrs:
            raise serializers.ValidationError({"site_map": "expected a url with it"})
        return attrs


class DocumentChangesSerializer(serializers.Serializer[Any]):
    """What is to be changed of a document."""

    title = serializers.CharField(required=False, max_length=MAX_TITLE)
    collection_id = serializers.UUIDField(required=False)


class PassageSerializer(FrozenSerializer[PassageLine]):
    """A passage of a document: the headings above it, and its page where there are pages."""

    class Meta:
        dataclass = PassageLine


class QuestionSerializer(serializers.Serializer[Any]):
    """A question to be tried."""

    question = serializers.CharField(max_length=MAX_QUESTION)
    collection_ids = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        min_length=1,
        max_length=50,
        help_text="Without them, all of the company's",
    )
    limit = serializers.IntegerField(required=False, default=10, min_value=1, max_value=20)


class AnswerSerializer(FrozenSerializer[Answer]):
    """A passage near to the question: `answers` says whether it would go before the model."""

    class Meta:
        dataclass = Answer


class AnswersSerializer(serializers.Serializer[Any]):
    """What the company's knowledge has on a question."""

    fits = serializers.BooleanField(help_text="Whether any passage answers; if not, nothing fits")
    passages = AnswerSerializer(many=True)


class QuotaSerializer(FrozenSerializer[Quota]):
    """What the company may have here, and has."""

    class Meta:
        dataclass = Quota
