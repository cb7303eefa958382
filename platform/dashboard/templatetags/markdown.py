"""Texts of the API's document as HTML: `{{ field.description|markdown }}`.

Only what CommonMark has, and no HTML of the text's own.
"""

from typing import Final

from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()
_READER: Final = MarkdownIt("commonmark", {"html": False})


@register.filter
def markdown(text: str) -> SafeString:
    """Paragraphs, lists, code."""
    return mark_safe(_READER.render(text))  # noqa: S308  HTML in the text is escaped


@register.filter
def markdown_line(text: str) -> SafeString:
    """The same without a paragraph around it."""
    return mark_safe(_READER.renderInline(text))  # noqa: S308  HTML in the text is escaped
