"""The catalogue as it is beside the declared one: each difference is a finding."""

from collections.abc import Collection, Iterator

from tenants.lint.types import Catalogue, Described, ObjectName, Violation

# Not the migrations' to make: `bootstrap_roles` does.
_OF_THE_SERVER = frozenset({"database", "role", "membership", "setting"})
_RELATIONS = frozenset(
    {
        *("table", "partitioned table", "foreign table", "view", "materialized view"),
        *("sequence", "composite type"),
    }
)
# A definition may fill a page; so much of it tells which one it is.
_SHOWN = 160


def differences(
    actual: Catalogue, expected: Catalogue, *, known_roles: Collection[str] = ()
) -> Iterator[Violation]:
    """What is there and declared by nobody, what is missing, and what is otherwise than declared.

    What belongs to a table that is wholly unexpected, or missing, is not told once more.
    """
    unexpected = _relations(actual.keys() - expected.keys())
    missing = _relations(expected.keys() - actual.keys())
    for key in sorted(actual.keys() | expected.keys()):
        if key not in expected:
            known = key.kind == "role" and key.name in known_roles
            if not known and actual[key].part_of not in unexpected:
                yield Violation(_unexpected(key), str(key))
        elif key not in actual:
            if expected[key].part_of not in missing:
                yield Violation(_missing(key), str(key))
        else:
            yield from _otherwise(key, actual[key], expected[key])


def _relations(keys: Collection[ObjectName]) -> frozenset[str]:
    return frozenset(key.name for key in keys if key.kind in _RELATIONS)


def _unexpected(key: ObjectName) -> str:
    if key.kind == "grant":
        what, grantee = key.name.rsplit(" to ", 1)
        return f"nothing declares it; REVOKE {what} FROM {grantee}, or declare it in a migration"
    if key.kind in _OF_THE_SERVER:
        return "`bootstrap_roles` does not make it; take it away, or run that once more"
    return "no migration makes it; drop it, or declare it in a migration"


def _missing(key: ObjectName) -> str:
    if key.kind == "grant":
        return f"it is declared and missing; GRANT {key.name}"
    return f"it is declared and missing; {_mend(key, by='make it again')}"


def _otherwise(key: ObjectName, actual: Described, expected: Described) -> Iterator[Violation]:
    for fact in sorted(actual.facts.keys() | expected.facts.keys()):
        value, declared = actual.facts.get(fact), expected.facts.get(fact)
        # What was declared NOT VALID may have been validated since: that is never worse.
        if value != declared and (fact, value) != ("validity", True):
            yield Violation(
                f"its {fact} is {_shown(value)}, expected {_shown(declared)};"
                f" {_mend(key, by='alter it back')}",
                str(key),
            )


def _mend(key: ObjectName, *, by: str) -> str:
    if key.kind in _OF_THE_SERVER:
        return "run `bootstrap_roles`"
    return f"run `migrate` if that was not done, else {by}"


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
