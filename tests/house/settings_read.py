"""Which modules of the product look at the environment by themselves."""

import ast

from warmline.kernel.env import REPOSITORY

PRODUCT = ("platform", "tenants", "inference", "rag", "telephony", "manage.py")


def environment_reads() -> set[str]:
    """The files that name `os.environ` or `os.getenv`."""
    found = set()
    for root in PRODUCT:
        place = REPOSITORY / root
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            names = (
                node.attr
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "os"
            )
            if {"environ", "getenv", "environb"} & set(names):
                found.add(path.relative_to(REPOSITORY).as_posix())
    return found
