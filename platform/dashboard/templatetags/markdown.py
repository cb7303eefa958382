"""Texts of the API's document as HTML: `{{ field.description|markdown }}`.

Only what CommonMark has, and no HTML of the text's own.
"""

from typing import Final

from django import template
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

register = template.Library()
# What is HTML in the text comes out escaped.
_READER: Final = MarkdownIt("commonmark", {"html": False})


@register.filter
def markdown(text: str) -> SafeString:
    """Paragraphs, lists, code."""
    return SafeString(_READER.render(text))


@register.filter
def markdown_line(text: str) -> SafeString:
    """The same without a paragraph around it."""
    return SafeString(_READER.renderInline(text))
