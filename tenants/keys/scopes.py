"""What a key may do: at most what whoever made it may, when it was made and ever after."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from tenants.permissions import Permission, permissions_of
from tenants.types import MemberRole
from warmline.kernel.errors import BadInput

_KNOWN: Final[Mapping[str, Permission]] = MappingProxyType({str(name): name for name in Permission})
# To close a company is asked for by name.
PRESETS: Final[Mapping[str, frozenset[Permission]]] = MappingProxyType(
    {
        str(role): permissions_of(role) - {Permission.COMPANY_CLOSE}
        for role in (
            MemberRole.ADMIN,
            MemberRole.BUILDER,
            MemberRole.REVIEWER,
            MemberRole.VIEWER,
        )
    }
)


def parsed_scopes(scopes: Iterable[str]) -> frozenset[Permission]:
    """The scopes; `BadInput` for none at all and for one that does not exist."""
    names = list(dict.fromkeys(scopes))
    for name in names:
        if name not in _KNOWN:
            raise BadInput(
                f"scope {name[:60]!r}: expected some of {', '.join(Permission)}", field="scopes"
            )
    if not names:
        raise BadInput("scopes: expected at least one", field="scopes")
    return frozenset(map(Permission, names))


def preset_scopes(role: str) -> frozenset[Permission]:
    """A role's scopes; `BadInput` for a role without a preset."""
    if role not in PRESETS:
        raise BadInput(f"role {role[:60]!r}: expected one of {', '.join(PRESETS)}", field="role")
    return PRESETS[role]


def stored(scopes: Iterable[Permission]) -> list[str]:
    """As a row keeps them, and people read them."""
    return sorted(map(str, scopes))


def present_scopes(
    scopes: Iterable[str], *, is_bound: bool, role: str | None
) -> frozenset[Permission]:
    """What a row's scopes come to now.

    Of a key that is bound to its maker: no more than the role that they have now, which is None
    once they left. A scope that this version does not know allows nothing.
    """
    known = frozenset(_KNOWN[name] for name in scopes if name in _KNOWN)
    return known & permissions_of(role or "") if is_bound else known
