"""So many requests of the API, at another company's things, through the site's own WSGI handler."""

import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from asgiref.sync import async_to_sync
from django.test import Client
from psycopg import sql

from tenants.actions import create_api_key
from tenants.api.document.examples import example
from tenants.api.document.views import document
from tenants.api.views import METHODS
from tenants.context import as_tenant
from tenants.permissions import ROLES
from tests.isolation.canaries import canary_in
from tests.tenants.postgres.planting import tenant_tables
from tests.tenants.test_doors import TABLES, UNKNOWN
from warmline.kernel.errors import WarmlineError
from warmline.kernel.ids import TenantId

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Of the answers to an id of another's: it is none, it is refused, or it is wrong in some other way.
REFUSALS = {400, 403, 404, 405, 406, 409, 412, 413, 415, 422, 503}
KEY_ENDED = 401
PROGRESS = 5_000
PLACES = ("path", "query", "body", "nested", "everywhere")


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of one address takes."""

    method: str
    path: str
    query: tuple[str, ...]
    body: Any

    @property
    def name(self) -> str:
        """As the report calls it."""
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its address and body, and which of the other's ids stand in it."""

    operation: Operation
    address: str
    body: str
    ids: frozenset[str]


@dataclass(slots=True)
class Tally:
    """What was asked, and what came of it."""

    asked: int = 0
    seconds: float = 0.0
    leaks: list[str] = field(default_factory=list)
    states: Counter[int] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)


def operations() -> Iterator[Operation]:
    """Every one of the API's document, with an example of its body."""
    described = document()
    for path, methods in described["paths"].items():
        for method in METHODS:
            if method not in methods:
                continue
            parameters = methods[method].get("parameters", [])
            content = methods[method].get("requestBody", {}).get("content", {})
            json_body = content.get("application/json")
            body = json_body and example(json_body["schema"], components=described["components"])
            names = tuple(p["name"] for p in parameters if p.get("in") == "query")
            yield Operation(method, path, names, body)


def ask(
    operation: Operation,
    place: str,
    *,
    own: Mapping[str, str],
    theirs: Mapping[str, str],
    draw: random.Random,
) -> Asked:
    """A request with the other's ids in that place, and one's own in the others."""
    anybody = draw.choice(list(theirs.values()))

    def part(found: re.Match[str]) -> str:
        ids = theirs if place in ("path", "everywhere") else own
        return ids.get(found[1], "1" if found[1] == "number" else str(UNKNOWN))

    address = re.sub(r"{(\w+)}", part, operation.path)
    if place in ("query", "everywhere"):
        chosen = draw.sample(operation.query, k=min(2, len(operation.query)))
        named = [(name, theirs.get(name, anybody)) for name in chosen]
        named += [(draw.choice(_TENANT_NAMES), theirs["tenant_id"])] * (draw.random() < 0.3)
        address += "?" + "&".join(f"{name}={value}" for name, value in named)
    body = operation.body
    if place in ("body", "nested", "everywhere") and body is not None:
        body = _foreign(body, theirs, anybody, nested=place != "body")
        if place == "nested" and isinstance(body, dict) and body:
            # However deep: a field of the body is an object that names the other's.
            name = draw.choice(list(body))
            body = {**body, name: {"id": anybody, name: [{"id": anybody}]}}
        if isinstance(body, dict) and draw.random() < 0.2:
            body = {**body, draw.choice(_TENANT_NAMES): theirs["tenant_id"]}
    text = "" if body is None else json.dumps(body)
    return Asked(operation, address, text, frozenset(UUIDS.findall(address + text)))


_TENANT_NAMES = ("tenant", "tenant_id", "company", "company_id")


def _foreign(value: Any, theirs: Mapping[str, str], anybody: str, *, nested: bool) -> Any:
    """The body with the other's id wherever a text may be one."""
    if isinstance(value, dict):
        return {
            name: theirs.get(name, _foreign(item, theirs, anybody, nested=nested))
            if not isinstance(item, dict | list)
            else (_foreign(item, theirs, anybody, nested=nested) if nested else item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_foreign(item, theirs, anybody, nested=nested) for item in value]
    return anybody if isinstance(value, str) and UUIDS.fullmatch(value) else value


class Keys:
    """A key of each role, of the company that asks and of a third one; made anew when ended."""

    def __init__(self, tenants: Sequence[TenantId]) -> None:
        self._tenants = tenants
        self._held: dict[tuple[TenantId, str], str] = {}

    def draw(self, draw: random.Random) -> tuple[TenantId, str, str]:
        """Whose, of which role, and the secret."""
        tenant_id, role = draw.choice(self._tenants), draw.choice(list(ROLES))
        place = (tenant_id, str(role))
        if place not in self._held:
            with as_tenant(tenant_id):
                self._held[place] = create_api_key("probe", scopes=sorted(ROLES[role])).secret
        return tenant_id, str(role), self._held[place]

    def forget(self, tenant_id: TenantId, role: str) -> None:
        """One of the operations has ended it."""
        self._held.pop((tenant_id, role), None)


def reach(
    tenants: Sequence[TenantId],
    *,
    own: Mapping[str, str],
    theirs: Mapping[str, str],
    all_ids: frozenset[str],
    requests: int,
    seed: int,
) -> Tally:
    """Ask until so many requests were answered: every operation in every place, by drawn keys."""
    draw, tally, keys = random.Random(seed), Tally(), Keys(tenants)
    began = time.monotonic()
    pairs: list[tuple[Operation, str]] = []
    while tally.asked < requests:
        if not pairs:
            pairs = [(operation, place) for operation in operations() for place in PLACES]
            draw.shuffle(pairs)
        operation, place = pairs.pop()
        tenant_id, role, secret = keys.draw(draw)
        asked = ask(operation, place, own=own, theirs=theirs, draw=draw)
        status, told = answered(asked, secret)
        if status == KEY_ENDED:
            keys.forget(tenant_id, role)
            continue
        tally.asked += 1
        tally.states[status] += 1
        tally.operations[operation.name] += 1
        tally.places[place] += 1
        if tally.asked % PROGRESS == 0:
            print(f"{tally.asked:,} requests, {len(tally.leaks)} leaks", flush=True)
        if (why := leak_in(asked, place, status, told, all_ids)) is not None:
            tally.leaks.append(f"{operation.name}, {place}, {role}: {why}: {told[:300]}")
    tally.seconds = time.monotonic() - began
    return tally


def answered(asked: Asked, secret: str) -> tuple[int, str]:
    """The status, and all that an answer tells: its headers and its body, streamed or not."""
    headers = {"authorization": f"Bearer {secret}"}
    client: Any = Client(headers=headers, raise_request_exception=False)
    send = getattr(client, asked.operation.method)
    if asked.operation.method == "get":
        answer = send(asked.address)
    else:
        answer = send(asked.address, asked.body or "{}", content_type="application/json")
    content = _streamed(answer) if answer.streaming else answer.content
    told = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return answer.status_code, told + "\n" + content.decode(errors="replace")


def _streamed(answer: Any) -> bytes:
    if not answer.is_async:
        return bytes(answer.getvalue())

    async def collected() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    try:
        return async_to_sync(collected)()
    except WarmlineError as error:
        # What was planted is no file: the client's connection is cut.
        return str(error).encode()


def leak_in(
    asked: Asked, place: str, status: int, told: str, all_ids: frozenset[str]
) -> str | None:
    """What an answer gives away, in words; None for nothing."""
    if (seen := canary_in(told)) is not None:
        return f"it shows {seen!r}"
    if shown := (all_ids & set(UUIDS.findall(told))) - asked.ids:
        return f"it names {sorted(shown)[:3]}, which were not asked for"
    if place == "path" and "_id}" in asked.operation.path and status not in REFUSALS:
        return f"status {status} to an id of another's"
    return "a server error" if status == 500 else None


def sight(
    *, secret: str, theirs: Mapping[str, str], draw: random.Random
) -> tuple[set[str], set[str]]:
    """Which reading operations show a canary to the rows' own company, and which do not."""
    shown: set[str] = set()
    blind: set[str] = set()
    for operation in operations():
        if operation.method == "get":
            asked = ask(operation, "path", own=theirs, theirs=theirs, draw=draw)
            _, told = answered(asked, secret)
            (shown if canary_in(told) else blind).add(operation.name)
    return shown, blind


def parts_of(ids: Mapping[str, Sequence[UUID]], tenant_id: TenantId) -> dict[str, str]:
    """By what routes and bodies call it, an id of a company's."""
    named = {part: str(ids[table][0]) for part, table in TABLES.items() if ids.get(table)}
    return {**named, "tenant_id": str(tenant_id)}


def ids_of(superuser: psycopg.Connection, tenant_id: TenantId) -> frozenset[str]:
    """The id of each of a company's rows."""
    asked = sql.SQL("SELECT id::text FROM {} WHERE tenant_id = %s")
    return frozenset(
        row_id
        for table in tenant_tables(superuser)
        for (row_id,) in superuser.execute(asked.format(table.name), (tenant_id,))
    )
