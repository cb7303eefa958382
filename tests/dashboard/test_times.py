"""Times on pages are those of the company's clock."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from warmline.kernel.env import REPOSITORY

AT = datetime(2026, 11, 29, 2, 58, 37, tzinfo=UTC)
# An operator's pages show many companies' machines, on no company's clock.
OPERATORS = "dashboard/pools/"


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("moment at", "28 Nov, 21:58"),
        ('moment at "exact"', "28 Nov, 21:58:37"),
        ('moment at "dated"', "28 Nov 2026, 21:58"),
        ('moment at "logged"', "28 Nov 2026, 21:58:37"),
        ('moment none "short" "never"', "never"),
        ("on_day at", "28 Nov 2026"),
        ('on_day at "long"', "28 November 2026"),
        ("on_day none", "–"),
        ("hours at", "21:58"),
    ],
)
def test_a_moment_is_shown_on_the_companys_clock(tag: str, text: str) -> None:
    """Two in the morning in London is the evening before in New York."""
    membership = SimpleNamespace(time_zone="America/New_York")
    request = SimpleNamespace(membership=membership, headers={"Accept-Language": "en-GB"})
    shown = Template(f"{{% load times %}}{{% {tag} %}}").render(
        Context({"request": request, "at": AT, "none": None})
    )
    assert re.sub(r"<[^>]+>", "", shown) == text


def test_no_page_shows_the_servers_clock() -> None:
    """Django's own filter knows no company."""
    templates = (REPOSITORY / "platform" / "dashboard").rglob("*.html")
    hours = re.compile(r"\|(?:date|time):[\"'][^\"']*[GHhi]")
    shown = [str(page) for page in templates if hours.search(page.read_text(encoding="utf-8"))]
    assert [page for page in shown if OPERATORS not in page] == []
