"""A socket tells an open page that something happened; the page fetches what it shows anew.

Nothing of the call travels here, so there is nothing that a wrong group could leak; groups are
joined by membership checked in the database, never by a name that the client sends. A socket is
open no longer than whoever opened it is signed in and may see its page.
"""

import asyncio
from typing import Any, ClassVar
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError
from django.http import parse_cookie
from django.urls import path

from telephony.calls import queries as calls_queries
from telephony.calls.live import call_group, calls_group
from tenants import queries as tenants_queries
from tenants.context import as_tenant, run_in_thread
from tenants.errors import Busy
from tenants.live_sessions import Session, user_group
from tenants.permissions import Permission
from tenants.web import SESSION_TENANT
from warmline.kernel.errors import WarmlineError

SIGNED_OUT = 4401
NOT_YOURS = 4403
SAYS_TOO_MUCH = 1008
TRY_LATER = 1013
# How long a session that expired, or a member who was removed, may keep a socket that is told only
# that something changed.
CHECK_EVERY_S = 5.0


class PageConsumer(AsyncWebsocketConsumer):
    """The socket of one member's page: it is told of events and says nothing itself.

    `permission` is the page's own: who may not open the page has no socket of it.
    """

    permission: ClassVar[Permission] = Permission.CALLS_READ
    session: Session
    groups_joined: tuple[str, ...] = ()
    checking: "asyncio.Task[None] | None" = None

    async def connect(self) -> None:
        """Join the page's groups if the signed-in member may see it; else close with a code."""
        await self.accept()
        self.session = Session(parse_cookie(_cookies(self.scope)))
        try:
            groups = await self._groups()
        except (DatabaseError, WarmlineError):
            await self.close(TRY_LATER)
            return
        if groups is None:
            await self.close(NOT_YOURS)
            return
        self.groups_joined = groups
        for group in groups:
            await self.channel_layer.group_add(group, self.channel_name)
        self.checking = asyncio.create_task(self._check())

    async def disconnect(self, code: int) -> None:
        """Leave the groups."""
        if self.checking is not None:
            self.checking.cancel()
        for group in self.groups_joined:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """A page has nothing to say: whoever does is none of ours."""
        await self.close(SAYS_TOO_MUCH)

    async def call_event(self, message: dict[str, Any]) -> None:
        """Something was recorded: say so."""
        await self.send(text_data='{"changed": true}')

    async def session_ended(self, message: dict[str, Any]) -> None:
        """Signed out, or a new password: what tells so comes before the rows are written."""
        await self.close(SIGNED_OUT)

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            await self._close_if_over()

    async def _close_if_over(self) -> None:
        try:
            groups = await self._groups()
        except (DatabaseError, Busy):
            return  # while Postgres is away nothing is recorded either: the next look decides
        except WarmlineError:
            groups = None  # a session that names no company any more
        if groups != self.groups_joined:
            await self.close(SIGNED_OUT)

    async def _groups(self) -> tuple[str, ...] | None:
        call_id = self.scope["url_route"]["kwargs"].get("call_id")
        return await run_in_thread(_groups_of, self.session, call_id, permission=self.permission)


def _groups_of(
    session: Session, call_id: UUID | None, *, permission: Permission
) -> tuple[str, ...] | None:
    """What a page's socket belongs to, or None where nobody is signed in who may see the page."""
    user, held = session.signed_in()
    tenant_id = held.get(SESSION_TENANT)
    if user is None or tenant_id is None:
        return None
    with as_tenant(tenant_id):
        member = tenants_queries.membership(user.pk)
        if member is None or permission not in member.permissions:
            return None
        if call_id is not None and not calls_queries.call_exists(call_id):
            return None
    page = call_group(str(call_id)) if call_id else calls_group(tenant_id)
    return (page, session.group, user_group(user.pk))


def _cookies(scope: Any) -> str:
    return dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")


websocket_urlpatterns = [
    path("calls/live", PageConsumer.as_asgi()),
    path("calls/<uuid:call_id>/live", PageConsumer.as_asgi()),
]
