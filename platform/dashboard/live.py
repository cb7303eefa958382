"""Live views: a socket tells a page that something happened, and the page fetches what it shows
anew.

Nothing of the call travels here, so there is nothing that a wrong group could leak; groups are
joined by membership checked in the database, never by a name that the client sends.
"""

from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError
from django.urls import path

from telephony.calls import queries as telephony
from tenants import queries as tenants
from tenants.context import run_as_tenant
from tenants.web import SESSION_TENANT
from warmline.kernel.errors import WarmlineError

NOT_YOURS = 4403
TRY_LATER = 1013


class Live(AsyncWebsocketConsumer):
    """One member looking at one page; it is told of events and says nothing itself."""

    group: str | None = None

    async def connect(self) -> None:
        """Join the page's group if the signed-in member may see it;
        else close with a code that says which.
        """
        await self.accept()
        user, tenant_id = self.scope["user"], self.scope["session"].get(SESSION_TENANT)
        if not user.is_authenticated or tenant_id is None:
            await self.close(NOT_YOURS)
            return
        call_id = self.scope["url_route"]["kwargs"].get("call_id")
        try:
            allowed = await run_as_tenant(tenant_id, _may_see, user.pk, call_id)
        except (DatabaseError, WarmlineError):
            await self.close(TRY_LATER)
            return
        if not allowed:
            await self.close(NOT_YOURS)
            return
        self.group = f"call.{call_id}" if call_id else f"calls.{tenant_id}"
        await self.channel_layer.group_add(self.group, self.channel_name)

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def call_event(self, message: dict[str, Any]) -> None:
        """Something was recorded: say so."""
        await self.send(text_data='{"changed": true}')


def _may_see(user_id: UUID, call_id: UUID | None) -> bool:
    if tenants.membership(user_id) is None:
        return False
    return call_id is None or telephony.call_exists(call_id)


websocket_urlpatterns = [
    path("calls/live", Live.as_asgi()),
    path("calls/<uuid:call_id>/live", Live.as_asgi()),
]
