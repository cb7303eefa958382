"""What the pages of knowledge ask."""

from typing import Any

from django import forms

from dashboard.layout.forms import ActionForm
from rag.actions import MAX_CHARACTERS
from rag.queries import MAX_QUESTION, collections
from rag.types import MAX_TITLE, RevisionState

TAKEN = ".pdf,.docx,.html,.htm,.md,.markdown,.csv,.tsv,.txt"
_ADDRESS = "On the public internet, such as https://www.example.com/prices."


class CollectionChoice(forms.ChoiceField):
    """One of the company's collections."""

    def __init__(self, *, empty: str = "", **options: Any) -> None:
        self._empty = empty
        super().__init__(**options)

    def offer(self) -> None:
        """Fill in the collections that there are."""
        rows = [(str(line.id), line.name) for line in collections()]
        self.choices = [("", self._empty), *rows] if self._empty else rows


class KnowledgeForm(ActionForm):
    """A form with a collection to choose."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, CollectionChoice):
                field.offer()


class _Placed(KnowledgeForm):
    """What every document has."""

    collection_id = CollectionChoice(
        label="Collection",
        required=False,
        empty="The first one",
        help_text="An agent is given all collections, or some of them.",
    )


class FileForm(_Placed):
    """A file to be uploaded."""

    file = forms.FileField(
        label="File",
        help_text="PDF, Word (.docx), HTML, Markdown, CSV or plain text.",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": TAKEN}),
    )
    title = forms.CharField(
        label="Title", required=False, max_length=MAX_TITLE, help_text="Else the file's own."
    )
    field_order = ("file", "title", "collection_id")


class TextForm(_Placed):
    """A text to be typed in."""

    title = forms.CharField(label="Title", max_length=MAX_TITLE)
    text = forms.CharField(
        label="Text",
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="What an agent may say: one matter a paragraph, an empty line between them.",
    )
    field_order = ("title", "text", "collection_id")


class PageForm(_Placed):
    """A page to be fetched."""

    url = forms.CharField(label="Address of the page", max_length=2000, help_text=_ADDRESS)
    title = forms.CharField(
        label="Title", required=False, max_length=MAX_TITLE, help_text="Else the page's own."
    )
    field_order = ("url", "title", "collection_id")


class SiteForm(_Placed):
    """A site map whose pages are fetched."""

    url = forms.CharField(
        label="Address of the site map",
        max_length=2000,
        help_text="Usually https://www.example.com/sitemap.xml. Up to 300 pages of that site are "
        "added, as far as its robots.txt allows.",
    )
    field_order = ("url", "collection_id")


class ReplaceForm(ActionForm):
    """Another content: a file, a text or a page."""

    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": TAKEN}),
    )
    text = forms.CharField(
        label="or text",
        required=False,
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    url = forms.CharField(
        label="or the address of a page", required=False, max_length=2000, help_text=_ADDRESS
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one of them."""
        cleaned = super().clean() or {}
        given = [name for name in ("file", "text", "url") if cleaned.get(name)]
        if len(given) != 1 and not self.errors:
            raise forms.ValidationError("Give one of a file, a text and an address.")
        return cleaned


class ChangeForm(KnowledgeForm):
    """A document's title and place."""

    title = forms.CharField(label="Title", max_length=MAX_TITLE)
    collection_id = CollectionChoice(label="Collection")


class CollectionForm(ActionForm):
    """A collection's name and what it is for."""

    name = forms.CharField(label="Name", max_length=80)
    description = forms.CharField(
        label="Description", required=False, max_length=300, help_text="What is in it, for whom."
    )


class QuestionForm(KnowledgeForm):
    """A question to be tried."""

    question = forms.CharField(
        label="Question",
        max_length=MAX_QUESTION,
        help_text="As a caller would say it: “do you charge extra on weekends”.",
    )
    collection_id = CollectionChoice(label="Collection", required=False, empty="All of them")


class FilterForm(KnowledgeForm):
    """What the list of documents is narrowed by."""

    title = forms.CharField(label="Title", required=False, max_length=MAX_TITLE)
    collection_id = CollectionChoice(label="Collection", required=False, empty="All")
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "All"),
            *(choice for choice in RevisionState.choices if choice[0] != "superseded"),
        ],
    )
