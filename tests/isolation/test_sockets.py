"""Every socket of the site: whom it opens to, what it tells, and how long it stays open."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.test import Client

from dashboard.live.consumers import (
    CHECK_EVERY_S,
    NOT_YOURS,
    SIGNED_OUT,
    websocket_urlpatterns,
)
from telephony.calls.live import Announcement, announce
from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.permissions import Permission
from tenants.web import SESSION_TENANT
from tests.tenants.postgres.planting import planted
from tests.tenants.test_doors import TABLES, UNKNOWN, filled
from warmline.asgi import application
from warmline.kernel.env import REPOSITORY
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
ROUTES: Final = {str(route.pattern): route.callback for route in websocket_urlpatterns}
WITHIN_S: Final = CHECK_EVERY_S + 5
QUIET_S: Final = 0.3
SOURCES: Final = ("platform", "tenants", "telephony", "rag", "inference")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody signed in at a company, and the ids of a company's things."""

    email: str
    session_key: str
    tenant_id: TenantId

    @property
    def cookie(self) -> str:
        """As the browser sends it."""
        return f"sessionid={self.session_key}"


@dataclass(frozen=True, slots=True)
class World:
    """Two companies, a call of each, and how their members are made."""

    own: TenantId
    other: TenantId
    calls: Mapping[TenantId, UUID]
    superuser: psycopg.Connection

    def member(self, email: str, *, of: TenantId, looks_at: TenantId | None = None) -> Member:
        """A viewer of one company, whose session may name another."""
        user = create_user(email, password="a long enough one")
        with as_tenant(of):
            add_member(user, role="viewer")
        client = Client()
        client.force_login(user)
        session = client.session
        session[SESSION_TENANT] = looks_at or of
        session.save()
        return Member(email, client.cookies["sessionid"].value, looks_at or of)

    def path(self, route: str, *, of: TenantId) -> str:
        """The address with the ids of a company."""
        return filled(route, dict.fromkeys(TABLES, UNKNOWN) | {"call_id": self.calls[of]})

    def without_role(self, member: Member) -> None:
        """A role that may nothing."""
        self._execute("UPDATE tenants_member SET role = 'guest' WHERE user_id = {user}", member)

    def removed(self, member: Member) -> None:
        """No longer a member."""
        self._execute("DELETE FROM tenants_member WHERE user_id = {user}", member)

    def deactivated(self, member: Member) -> None:
        """By the operator."""
        self._execute("UPDATE tenants_user SET is_active = false WHERE id = {user}", member)

    def elsewhere(self, member: Member) -> None:
        """In another tab they went on to another company."""
        self._move(member, self.other)

    def nowhere(self, member: Member) -> None:
        """The session names what is no company."""
        self._move(member, "1 OR 1=1")

    def _move(self, member: Member, to: str) -> None:
        client = Client()
        client.cookies["sessionid"] = member.session_key
        session = client.session
        session[SESSION_TENANT] = to
        session.save()

    def _execute(self, statement: str, member: Member) -> None:
        user = "(SELECT id FROM tenants_user WHERE email = %s)"
        self.superuser.execute(statement.format(user=user), (member.email,))


ENDS: Final[Mapping[str, Callable[[World, Member], None]]] = {
    "a role that may not": World.without_role,
    "no member": World.removed,
    "no account": World.deactivated,
    "another company": World.elsewhere,
    "no company": World.nowhere,
}


@pytest.fixture
def world(
    rivertown: TenantId, lakeside: TenantId, superuser: psycopg.Connection
) -> Iterator[World]:
    """A plumber and a clinic."""
    with planted((rivertown, lakeside)) as rows:
        yield World(rivertown, lakeside, rows["telephony_call"], superuser)


class Socket:
    """A socket through the site's own door."""

    def __init__(self, path: str, *, cookie: str = "", origin: str = "http://testserver") -> None:
        headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        path, _, query = path.partition("?")
        scope = {
            "type": "websocket",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": [],
        }
        communicator: Any = ApplicationCommunicator  # no stubs
        self._socket = communicator(application, scope)

    async def opened(self) -> bool:
        """Whether the door let it in; what is behind may still close it."""
        await self._socket.send_input({"type": "websocket.connect"})
        message = await self._socket.receive_output(WITHIN_S)
        return bool(message["type"] == "websocket.accept")

    async def closed_with(self, *, within_s: float) -> int:
        """The code by which it is closed; whatever it tells before is passed over."""
        async with asyncio.timeout(within_s):
            while (message := await self._socket.receive_output(within_s))["type"] != _CLOSE:
                assert message["text"] == '{"changed": true}'
        return int(message["code"])

    async def is_told_of(self, announcement: Announcement) -> None:
        """It is open and has joined its groups: sooner or later it says so of its own company."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                await sync_to_async(announce)([announcement])
                if not await self.is_silent():
                    break
        message = await self._socket.receive_output(1)
        assert message == {"type": "websocket.send", "text": '{"changed": true}'}
        while not await self.is_silent():
            await self._socket.receive_output(1)

    async def is_silent(self) -> bool:
        """For a short while; it stays open."""
        return bool(await self._socket.receive_nothing(timeout=QUIET_S))

    async def close(self) -> None:
        """From the browser's side."""
        await self._socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._socket.wait(WITHIN_S)


_CLOSE: Final = "websocket.close"


def test_every_socket_is_one_of_these() -> None:
    """There is one list of them, each names the permission of its page, and knows its ids."""
    routers = [
        str(path.relative_to(REPOSITORY))
        for folder in SOURCES
        for path in (REPOSITORY / folder).rglob("*.py")
        if "URLRouter(" in path.read_text(encoding="utf-8")
    ]
    assert routers == ["platform/warmline/asgi.py"]
    assert ROUTES
    for route, consumer in ROUTES.items():
        assert isinstance(consumer.consumer_class.permission, Permission), route
        parts = {part.partition(":")[2] for part in route.split("<")[1:]}
        assert {part.partition(">")[0] for part in parts} <= set(TABLES), route


@pytest.mark.parametrize("route", ROUTES)
async def test_a_socket_opens_to_nobody_who_may_not_see_its_page(route: str, world: World) -> None:
    """No session, a made-up one, a company one is no member of, a role that may nothing."""
    make = sync_to_async(world.member)
    path = world.path(route, of=world.own)
    stranger = await make("s@example.com", of=world.other, looks_at=world.own)
    guest = await make("g@example.com", of=world.own)
    await sync_to_async(world.without_role)(guest)
    cookies = ["", "sessionid=" + "x" * 32, f"sessionid={world.own}", stranger.cookie, guest.cookie]
    sockets = [Socket(path, cookie=cookie) for cookie in cookies]
    viewer = await make("v@example.com", of=world.own)
    if "_id>" in route:
        theirs = world.path(route, of=world.other)
        query = f"{theirs}?tenant={world.other}&tenant_id={world.other}"
        sockets += [Socket(at, cookie=viewer.cookie) for at in (theirs, query)]
    for socket in sockets:
        assert await socket.opened()
        assert await socket.closed_with(within_s=WITHIN_S) == NOT_YOURS
    from_elsewhere = Socket(path, cookie=viewer.cookie, origin="http://evil.example")
    assert not await from_elsewhere.opened()


@pytest.mark.parametrize("route", ROUTES)
async def test_a_socket_tells_of_its_own_company(route: str, world: World) -> None:
    """Whatever else its address asks for: of the other's calls it says nothing."""
    viewer = await sync_to_async(world.member)("v@example.com", of=world.own)
    query = f"?tenant={world.other}&tenant_id={world.other}&call_id={world.calls[world.other]}"
    socket = Socket(world.path(route, of=world.own) + query, cookie=viewer.cookie)
    assert await socket.opened()
    own, other = (
        Announcement(tenant_id, str(world.calls[tenant_id]))
        for tenant_id in (world.own, world.other)
    )
    await socket.is_told_of(own)
    await sync_to_async(announce)([other])
    assert await socket.is_silent()
    await socket.is_told_of(own)
    await socket.close()


async def test_a_socket_closes_when_its_page_would_not_open_any_more(world: World) -> None:
    """However that came about: within the time that is promised."""
    sockets: dict[str, Socket] = {}
    members: dict[str, Member] = {}
    for number, (how, route) in enumerate((how, route) for how in ENDS for route in ROUTES):
        member = await sync_to_async(world.member)(f"m{number}@example.com", of=world.own)
        name = f"{how}, {route}"
        sockets[name] = Socket(world.path(route, of=world.own), cookie=member.cookie)
        members[name] = member
        assert await sockets[name].opened()
    own = Announcement(world.own, str(world.calls[world.own]))
    await asyncio.gather(*(socket.is_told_of(own) for socket in sockets.values()))
    for name, member in members.items():
        await sync_to_async(ENDS[name.partition(",")[0]])(world, member)
    closing = (socket.closed_with(within_s=WITHIN_S) for socket in sockets.values())
    codes = await asyncio.gather(*closing)
    assert dict(zip(sockets, codes, strict=True)) == dict.fromkeys(sockets, SIGNED_OUT)
