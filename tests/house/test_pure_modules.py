"""A module that calls itself pure is held to it: one list, in the import contract `deciding`."""

import ast
import configparser
import re
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).resolve().parents[2]
# Where the product's packages lie: at the top, and under the source root `platform`.
ROOTS: Final = (REPOSITORY, REPOSITORY / "platform")
PACKAGES: Final = (
    *("inference", "rag", "telephony", "tenants"),
    *("agents", "dashboard", "programs", "shadow", "verticals", "warmline"),
)
CLAIM: Final = re.compile(r"\bpure\b|\bno I/O\b", re.IGNORECASE)


def modules_that_call_themselves_pure() -> set[str]:
    pure: set[str] = set()
    for root in ROOTS:
        for package in PACKAGES:
            for path in (root / package).rglob("*.py"):
                docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
                if CLAIM.search(docstring):
                    pure.add(".".join(path.relative_to(root).with_suffix("").parts))
    return pure


def modules_held_to_it() -> set[str]:
    parser = configparser.ConfigParser()
    parser.read(REPOSITORY / ".importlinter")
    return set(parser["importlinter:contract:deciding"]["source_modules"].split())


def test_every_module_that_calls_itself_pure_is_held_to_it_and_no_other() -> None:
    """Who writes the word into a module's docstring adds the module to the contract."""
    assert modules_that_call_themselves_pure() == modules_held_to_it()
