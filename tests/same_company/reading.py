"""What a company is, as one reader sees it: all that the API tells, without ids and times."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import httpx

# Who did it and when is each way's own.
_NOT_COMPARED: Final = frozenset(
    (
        *("id", "user_id", "agent_id", "carrier_account_id", "collection_id", "based_on"),
        *("created_at", "updated_at", "joined_at", "sent_at", "expires_at", "edited_at"),
        *("changed_at", "live_at", "rotated_at", "disabled_at", "last_used_at", "revoked_at"),
        *("trial_ends_at", "previous_secret_until", "erase_at"),
        *("made_by", "live_by", "edited_by", "invited_by", "prefix", "answers_now"),
    )
)
_LISTS: Final = {
    "members": "/members",
    "invitations": "/invitations",
    "keys": "/keys",
    "collections": "/knowledge/collections",
    "documents": "/knowledge/documents",
    "carrier accounts": "/carrier-accounts",
    "numbers": "/numbers",
    "webhooks": "/webhooks",
    "views": "/views",
    "agents": "/agents",
}


def whole_company(api: httpx.Client) -> dict[str, Any]:
    """Everything that was set up; agents and collections go by their names."""
    lists = {name: list(_items(api, path)) for name, path in _LISTS.items()}
    names = {row["id"]: row["name"] for name in ("agents", "collections") for row in lists[name]}
    company: dict[str, Any] = {
        "settings": _plain(_got(api, "/company"), names),
        "hours": _plain(_got(api, "/business-hours"), names),
    }
    for name, rows in lists.items():
        plain = [_plain(row, names) | _named(row, names) for row in rows]
        company[name] = in_order(plain)
    company["versions"] = {
        names[agent["id"]]: [_version(api, agent["id"], line, names) for line in versions]
        for agent in lists["agents"]
        for versions in [list(_items(api, f"/agents/{agent['id']}/versions"))]
    }
    return company


def in_order(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows by what is in them: which came first is each way's own."""
    return sorted(rows, key=lambda row: sorted(map(str, row.items())))


def _version(api: httpx.Client, agent_id: str, line: Any, names: Mapping[str, str]) -> Any:
    whole = _got(api, f"/agents/{agent_id}/versions/{line['number']}")
    whole["wording"]["collections"] = [names[one] for one in whole["wording"]["collections"]]
    return _plain(whole, names)


def _items(api: httpx.Client, path: str) -> Iterator[Any]:
    cursor = ""
    while True:
        page = _got(api, f"{path}?{cursor}".rstrip("?"))
        yield from page["items"]
        if not page.get("next_cursor"):
            return
        cursor = f"cursor={page['next_cursor']}"


def _got(api: httpx.Client, path: str) -> Any:
    response = api.get(f"/api/v1{path}")
    assert response.status_code == 200, response.text
    return response.json()


def _named(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Whom and what it refers to."""
    agent = row.get("agent_id")
    return {"agent": names[agent]} if agent else {}


def _plain(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _plain(inner, names) for name, inner in value.items() if name not in _NOT_COMPARED
        }
    if isinstance(value, list):
        return [_plain(inner, names) for inner in value]
    return value
