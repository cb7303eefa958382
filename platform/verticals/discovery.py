"""Which verticals there are: each folder beside this file that has a `tools.py`. No Django here."""

from pathlib import Path

from warmline.kernel.vertical import schema_of


def installed_verticals() -> tuple[str, ...]:
    """The slugs of the verticals, in alphabetical order."""
    return tuple(sorted(tools.parent.name for tools in Path(__file__).parent.glob("*/tools.py")))


def vertical_schemas() -> tuple[str, ...]:
    """Their Postgres schemas, in the same order."""
    return tuple(schema_of(slug) for slug in installed_verticals())
