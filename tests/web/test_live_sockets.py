"""A live view's socket is open as long as whoever opened it is signed in, and no longer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from dashboard.live.consumers import CHECK_EVERY_S, NOT_YOURS, SAYS_TOO_MUCH, SIGNED_OUT
from tenants.actions import add_member, create_user, set_password
from tenants.context import as_control, as_tenant
from tenants.models import Member, User
from tenants.sessions import BEGAN
from tenants.web import SESSION_TENANT
from tests.web.conftest import Web
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db]
EMAIL, PASSWORD = "alice@example.com", "a long enough one"
WITHIN_S = CHECK_EVERY_S + 5


class Browser:
    """A member who is signed in."""

    def __init__(self, tenant_id: TenantId) -> None:
        self.user = create_user(EMAIL, password=PASSWORD)
        with as_tenant(tenant_id):
            add_member(self.user, role="viewer")
        self.tenant_id = tenant_id
        self.client = Client()
        self.client.force_login(self.user)
        session = self.client.session
        session[SESSION_TENANT] = tenant_id
        session.save()

    @asynccontextmanager
    async def socket(self, web: Web) -> AsyncIterator[ClientConnection]:
        """The list of calls', open."""
        cookie = f"sessionid={self.client.cookies['sessionid'].value}"
        address = f"ws://127.0.0.1:{web.port}/calls/live"
        origin = "http://127.0.0.1"
        async with connect(
            address, additional_headers={"Cookie": cookie, "Origin": origin}
        ) as socket:
            yield socket

    def sign_out(self) -> None:
        """By the button."""
        self.client.post("/sign-out")

    def let_the_session_expire(self) -> None:
        """Its row is gone, as an expired one's is for whoever reads it."""
        session = self.client.session
        session[BEGAN] = 0
        session.save()

    def change_the_password(self) -> None:
        """By the operator."""
        set_password(EMAIL, password="another long one")

    def deactivate(self) -> None:
        """By the operator."""
        with as_control():
            User.objects.filter(pk=self.user.pk).update(is_active=False)

    def leave(self) -> None:
        """No longer a member."""
        with as_tenant(self.tenant_id):
            Member.objects.filter(user_id=self.user.pk).delete()


async def closed_with(socket: ClientConnection) -> int:
    """The code with which the server closes it."""
    with pytest.raises(ConnectionClosed) as closed:
        await socket.recv()
    assert closed.value.rcvd is not None
    return int(closed.value.rcvd.code)


@pytest.mark.parametrize(
    "end",
    [
        Browser.sign_out,
        Browser.change_the_password,
        Browser.let_the_session_expire,
        Browser.deactivate,
        Browser.leave,
    ],
)
async def test_a_socket_closes_when_its_session_ends(
    web: Web, plumber: TenantId, end: Callable[[Browser], None]
) -> None:
    """However it ends: within seconds."""
    browser = await sync_to_async(Browser)(plumber)
    async with browser.socket(web) as socket:
        with pytest.raises(TimeoutError):  # it is open, and stays so
            await _wait(socket, seconds=0.3)
        await sync_to_async(end)(browser)
        assert await _wait(socket, seconds=WITHIN_S) == SIGNED_OUT


async def test_a_socket_that_speaks_is_closed(web: Web, plumber: TenantId) -> None:
    """A page has nothing to say; what is large is not even read."""
    browser = await sync_to_async(Browser)(plumber)
    for message, code in (("hello", SAYS_TOO_MUCH), ("a" * 100_000, 1009)):
        async with browser.socket(web) as socket:
            await socket.send(message)
            assert await _wait(socket, seconds=5) == code


async def test_nobody_signed_in_has_no_socket(web: Web, plumber: TenantId) -> None:
    """Nor whoever makes a session up."""
    browser = await sync_to_async(Browser)(plumber)
    await sync_to_async(browser.sign_out)()
    browser.client.cookies["sessionid"] = "x" * 32
    async with browser.socket(web) as socket:
        assert await _wait(socket, seconds=5) == NOT_YOURS


async def _wait(socket: ClientConnection, *, seconds: float) -> int:
    async with asyncio.timeout(seconds):
        return await closed_with(socket)
