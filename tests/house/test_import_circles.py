"""No module imports itself by way of others, not even inside a function or for its types alone."""

import configparser
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from warmline.kernel.env import REPOSITORY


def in_order(*packages: str) -> list[str]:
    """The modules of these packages, each after those that it imports; `CycleError` in a circle."""
    graph = grimp.build_graph(*packages, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    return list(TopologicalSorter(imports).static_order())


def test_the_product_has_no_circle_of_imports() -> None:
    """Every module can be read after those that it stands on."""
    settings = configparser.ConfigParser()
    settings.read(REPOSITORY / ".importlinter")
    modules = in_order(*settings["importlinter"]["root_packages"].split())
    assert {"warmline.kernel.errors", "tenants.models", "dashboard.views"} <= set(modules)


@pytest.mark.parametrize(
    "imported_back",
    [
        "import shop.stock",
        "def order():\n    from shop import stock",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.stock import Shelf",
    ],
)
def test_a_circle_is_found_however_its_import_is_hidden(
    imported_back: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the top, inside a function, or for type checkers."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "__init__.py").touch()
    (shop / "stock.py").write_text("import shop.orders\n\n\nclass Shelf: ...\n", encoding="utf-8")
    (shop / "orders.py").write_text(f"{imported_back}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(CycleError):
        in_order("shop")
