"""Each hole that `make mutations` makes can still be made where it says."""

import pytest

from tests.mutations.planted import MUTATIONS, Mutation
from warmline.kernel.env import REPOSITORY


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_hole_is_made_in_one_place_and_has_its_test(mutation: Mutation) -> None:
    """A line that was rewritten would leave it unmade, and its tests green."""
    text = (REPOSITORY / mutation.file).read_text(encoding="utf-8")
    assert text.count(mutation.before) == 1
    path, _, name = mutation.test.partition("::")
    test = REPOSITORY / path
    assert test.exists()
    assert not name or f"def {name}(" in test.read_text(encoding="utf-8")
