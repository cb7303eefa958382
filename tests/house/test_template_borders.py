"""Templates follow the layers that imports follow: what a template extends, includes, loads, shows
or links to belongs to its own app or to one below.
"""

import configparser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.base import Lexer, TokenType
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = ("platform", "tenants", "inference", "rag", "telephony")
# The project's wiring, which knows everything and which nobody may know.
WIRING = "warmline"


def layers() -> dict[str, int]:
    """Each package of the contract with its height: a lower one is known by all above it."""
    parser = configparser.ConfigParser()
    parser.read(REPOSITORY / ".importlinter")
    lines = parser["importlinter:contract:layers"]["layers"].split("\n")
    rows = [line.replace(":", "|").split("|") for line in reversed(lines) if line.strip()]
    return {name.strip("() "): height for height, row in enumerate(rows) for name in row}


def owner(module: str) -> str | None:
    """The package of the contract that a module is in; None for a library's."""
    for layer in layers():
        if module == layer or module.startswith(f"{layer}."):
            return layer
    return WIRING if module.startswith(f"{WIRING}.") else None


def owner_of_file(path: Path, *, root: Path = REPOSITORY) -> str | None:
    """The package whose folder holds a file; None for a library's."""
    if not path.is_relative_to(root):
        return None
    parts = path.relative_to(root).parts
    if parts[0] not in SOURCES:
        return None
    return owner(".".join(parts[1:] if parts[0] == "platform" else parts))


def views(resolver: Any = None) -> Iterator[tuple[str, str]]:
    """Each address that has a name, with its view's dotted path."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name, pattern.lookup_str


def owner_of_reference(tag: str, name: str) -> str | None:
    """Whose it is that a tag names; a `KeyError` or the like for what does not exist."""
    if tag in ("extends", "include"):
        return owner_of_file(Path(get_template(name).origin.name))  # type: ignore[attr-defined]
    if tag == "static":
        found = finders.find(name)
        assert found, f"no static file {name}"
        return owner_of_file(Path(found))
    if tag == "url":
        return owner(dict(views())[name])
    return owner(engines["django"].engine.libraries[name])  # type: ignore[attr-defined]


def references(source: str) -> Iterator[tuple[str, str]]:
    """Each tag of a template that names something elsewhere, with the name."""
    for token in Lexer(source).tokenize():
        if token.token_type is not TokenType.BLOCK:
            continue
        tag, *arguments = token.split_contents()
        if tag == "load":
            # {% load one two %}, or {% load a_filter from one %}
            libraries = arguments[-1:] if "from" in arguments else arguments
            yield from ((tag, name) for name in libraries)
        elif tag in ("extends", "include", "static", "url"):
            assert arguments[0][0] in "\"'", f"{token.contents}: expected a name in quotes"
            yield tag, arguments[0].strip("\"'")


def broken_borders(root: Path) -> list[str]:
    """What templates under a root name although they may not know it."""
    heights = {**layers(), WIRING: 1_000}
    broken = []
    for path in sorted(path for source in SOURCES for path in (root / source).rglob("*.html")):
        holder = owner_of_file(path, root=root)
        assert holder, f"{path}: in no package of the layers"
        for tag, name in references(path.read_text(encoding="utf-8")):
            named = owner_of_reference(tag, name)
            if named not in (None, holder) and heights[str(named)] >= heights[holder]:
                broken.append(f"{path.relative_to(root)}: {tag} {name} is of {named}")
    return broken


def test_templates_know_only_their_own_app_and_those_below() -> None:
    """As modules do, by the same contract."""
    assert broken_borders(REPOSITORY) == []


@pytest.mark.parametrize(
    "line",
    [
        '{% extends "dashboard/layout/layout.html" %}',
        '{% include "dashboard/calls/_state.html" %}',
        "{% static 'dashboard/layout/layout.css' %}",
        "{% load static speech %}",
        "{% load sentences from speech %}",
        "{% url 'call' call.id %}",
    ],
)
def test_a_template_that_looks_upwards_is_reported(line: str, tmp_path: Path) -> None:
    """Whatever the tag; the same line is well in the app that it belongs to."""
    for app in ("shadow", "dashboard"):
        template = tmp_path / "platform" / app / "page.html"
        template.parent.mkdir(parents=True)
        template.write_text(line, encoding="utf-8")
    (report,) = broken_borders(tmp_path)
    assert report.startswith("platform/shadow/page.html: ")
    assert report.endswith(" is of dashboard")


def test_a_template_may_name_what_lies_below_and_what_a_library_has(tmp_path: Path) -> None:
    """The recording is telephony's, the API's page a library's."""
    template = tmp_path / "platform" / "dashboard" / "page.html"
    template.parent.mkdir(parents=True)
    template.write_text(
        "{% load l10n %}{% url 'call-audio' call.id %}{% url 'api-docs' %}", encoding="utf-8"
    )
    assert broken_borders(tmp_path) == []
    with pytest.raises(KeyError):
        owner_of_reference("url", "an-address-that-is-gone")
