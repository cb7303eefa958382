"""Forms of the pages: what an action refuses stands beside the field it is about."""

from datetime import date
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from warmline.kernel.errors import BadInput
from warmline.kernel.wall_clock import checked_day


class ActionForm(forms.Form):
    """A form whose fields are handed to an action."""

    def add_problem(self, error: BadInput) -> None:
        """Show an action's refusal beside its field, or above the form when it names none here."""
        field = (error.field or "").partition(".")[0]
        self.add_error(field if field in self.fields else None, str(error))


def validate_day(given: date) -> None:
    """A day or a moment that one may reckon with, or what was expected."""
    try:
        checked_day(given)
    except BadInput as error:
        raise forms.ValidationError(str(error)) from error


class LongSelect(forms.Select):
    """A select of hundreds of options in no groups.

    Django renders two templates for each option: 26 ms of processor time for all time zones, where
    this takes 2 (tests.bench.pages).
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The same HTML as Django's."""
        widget = self.get_context(name, value, attrs)["widget"]
        options = (option for _, group, _ in widget["optgroups"] for option in group)
        return format_html(
            '<select name="{}"{}>{}</select>',
            widget["name"],
            flatatt(widget["attrs"]),
            format_html_join(
                "",
                "<option{}>{}</option>",
                (
                    (flatatt({"value": str(option["value"]), **option["attrs"]}), option["label"])
                    for option in options
                ),
            ),
        )
