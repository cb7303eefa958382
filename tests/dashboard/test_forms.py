"""Fields that the pages draw by themselves."""

import re

import pytest
from django import forms

from dashboard.layout.forms import LongSelect

CHOICES = [("a<", "A & b"), ("b", "B"), ("", '"none"'), (1, "one")]


def parts(html: str) -> list[tuple[str, list[str], str]]:
    """Each element with its attributes, whatever their order, and its text."""
    found = re.findall(r"<(\w+)([^>]*)>\s*([^<]*)", html)
    return [(name, sorted(inside.split()), text.strip()) for name, inside, text in found]


@pytest.mark.parametrize("value", ["b", "a<", "", 1, None, "unknown"])
def test_a_long_select_is_djangos_own(value: object) -> None:
    """Escaped alike, and the same option chosen."""
    drawn = [
        widget(attrs={"data-x": True, "class": "wide"}, choices=CHOICES).render(
            "zone", value, {"id": "zone", "required": True}
        )
        for widget in (forms.Select, LongSelect)
    ]
    assert parts(drawn[1]) == parts(drawn[0])
    assert len(parts(drawn[1])) == 1 + len(CHOICES)
