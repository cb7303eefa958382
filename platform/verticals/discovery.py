"""Which verticals there are: each folder beside this file that has a `tools.py`. No Django here."""

import keyword
import re
from pathlib import Path
from typing import Final

from warmline.kernel.errors import ConfigurationError
from warmline.kernel.vertical import schema_of

_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")  # a call's row holds 32 characters of it


def installed_verticals() -> tuple[str, ...]:
    """The slugs of the verticals, in alphabetical order; `ConfigurationError` says which folder
    cannot be one.
    """
    folders = [tools.parent for tools in Path(__file__).parent.glob("*/tools.py")]
    return tuple(sorted(_slug(folder) for folder in folders if folder.name[0] not in "._"))


def vertical_schemas() -> tuple[str, ...]:
    """Their Postgres schemas, in the same order."""
    return tuple(schema_of(slug) for slug in installed_verticals())


def _slug(folder: Path) -> str:
    slug = folder.name
    if not _SLUG.fullmatch(slug) or keyword.iskeyword(slug):
        raise ConfigurationError(
            f"vertical folder {str(folder)!r}: expected a name of at most 32 small letters, digits "
            "and underscores, a letter first, and no word of Python"
        )
    if (folder / "models.py").exists() and not (folder / "migrations" / "__init__.py").exists():
        raise ConfigurationError(
            f"vertical folder {str(folder)!r}: its models have no migrations/__init__.py"
        )
    return slug
