"""`make coverage` fails for a module that must be covered and is not."""

from tests.coverage_floors import shortfalls

SUMMARIES = {
    "tenants/rls.py": {"percent_covered": 94.9},
    "tenants/postgres/roles.py": {"percent_covered": 95.0},
    "rag/chunks.py": {"percent_covered": 10.0},
}


def told(*modules: str) -> list[str]:
    return list(shortfalls(SUMMARIES, modules=list(modules), floor=95))


def test_a_module_below_the_floor_is_named_and_others_are_nobodys_concern() -> None:
    """With its share and the one expected."""
    assert told("tenants/*") == ["tenants/rls.py: 94.9 % of lines and branches, expected 95 %"]


def test_a_name_that_no_module_has_any_more_is_told() -> None:
    """A module that moved would otherwise lose its floor."""
    assert told("tenants/postgres/roles.py", "telephony/turns.py") == [
        "telephony/turns.py: no module was measured"
    ]
