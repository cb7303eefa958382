"""Writes what each role may do into deploy/README.md, as it is declared; `--check` compares."""

import sys
from typing import Final

from tenants.permissions import ROLES, Permission
from warmline.kernel.env import REPOSITORY

PAGE: Final = REPOSITORY / "deploy" / "README.md"
BEGIN: Final = "<!-- permissions -->\n"
END: Final = "<!-- end of permissions -->"


def table() -> str:
    """Each permission, and which roles have it."""
    lines = [f"| may | {' | '.join(ROLES)} |", f"| --- {'| --- ' * len(ROLES)}|"]
    for permission in Permission:
        cells = []
        for permissions in ROLES.values():
            cells.append("yes" if permission in permissions else "")
        lines.append(f"| `{permission}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def page_with(text: str) -> str:
    """The page with the table in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table() + END + after


def main(arguments: list[str]) -> int:
    """Write, or say that it is not written."""
    text = PAGE.read_text(encoding="utf-8")
    if text == page_with(text):
        return 0
    if "--check" in arguments:
        sys.stderr.write("deploy/README.md: the permissions differ; `make fix` writes them\n")
        return 1
    PAGE.write_text(page_with(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
