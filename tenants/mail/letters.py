"""A letter: one text template, from which its plain and its HTML form are made.

The first line of the template is the subject; paragraphs stand between empty lines. A line that is
an address alone is a button in HTML.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from warmline.kernel.text import fitted

_ADDRESS: Final = re.compile(r"https?://\S+")
_MAX_SUBJECT: Final = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: the subject is one line, `html` says the same as `text`."""

    subject: str
    text: str
    html: str


def compose(template: str, **context: Any) -> Letter:
    """The letter of that template; `public_url` is among what it may name.

    What people typed is in it as they typed it, on one line each, and means nothing in HTML.
    """
    plain: Any = get_template(template)
    values = {name: _one_line(value) for name, value in context.items()}
    given = Context({"public_url": settings.PUBLIC_URL, **values}, autoescape=False)
    subject, _, body = plain.template.render(given).strip().partition("\n")
    paragraphs = [
        paragraph.strip() for paragraph in re.split(r"\n\s*\n", body) if paragraph.strip()
    ]
    return Letter(
        subject=_one_line(subject)[:_MAX_SUBJECT],
        text="\n\n".join((*paragraphs, f"Warmline · {settings.PUBLIC_URL}")) + "\n",
        html=_html(subject, paragraphs),
    )


def _one_line(value: Any) -> Any:
    """A text without line ends, which would begin a header or a paragraph of their own."""
    return " ".join(fitted(value).split()) if isinstance(value, str) else value


def _html(subject: str, paragraphs: list[str]) -> str:
    layout: Any = get_template("tenants/mail/letter.html")
    blocks = format_html_join("\n", "{}", ((_block(paragraph),) for paragraph in paragraphs))
    return str(layout.render({"subject": subject, "blocks": blocks, "url": settings.PUBLIC_URL}))


def _block(paragraph: str) -> SafeString:
    if _ADDRESS.fullmatch(paragraph):
        return format_html(
            '<p style="margin:24px 0"><a href="{0}" style="background:#14532d;color:#ffffff;'
            "padding:12px 20px;border-radius:8px;text-decoration:none;font-weight:600;"
            'display:inline-block">Open in Warmline</a></p>'
            '<p style="color:#5b6472;font-size:13px;word-break:break-all">{0}</p>',
            paragraph,
        )
    lines = SafeString("<br>").join(escape(line) for line in paragraph.splitlines())
    return format_html('<p style="margin:0 0 16px">{}</p>', SafeString(lines))
