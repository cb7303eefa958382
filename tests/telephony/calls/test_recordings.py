"""A call's audio: in with the call's own token, out to the company's members."""

import asyncio
import io
import wave
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from telephony.calls import queries
from tenants import call_tokens
from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.types import MemberRole
from tests.telephony.conftest import Carrier, ringing
from warmline.kernel.ids import CallId, TenantId

pytestmark = pytest.mark.django_db
SECOND = b"\x01\x02\x03\x04" * 8000


def wav(audio: bytes = SECOND, *, channels: int = 2, rate: int = 8000, width: int = 2) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setframerate(rate)
        writer.setsampwidth(width)
        writer.writeframes(audio)
    return file.getvalue()


@pytest.fixture
def call_id(carrier: Carrier, plumber: TenantId) -> CallId:
    """A call of the plumber's."""
    carrier.post("/twilio/voice", ringing())
    with as_tenant(plumber):
        return CallId(str(queries.live_calls()[0].id))


def put(
    call_id: str, body: bytes, *, tenant_id: TenantId, token_for: str | None = None, epoch: int = 1
) -> int:
    token = call_tokens.issue(CallId(token_for or call_id), tenant_id, [], "", 60)
    return (
        Client()
        .put(
            f"/internal/calls/{call_id}/recording/{epoch}",
            body,
            "audio/wav",
            headers={"Authorization": f"Bearer {token}"},
        )
        .status_code
    )


def signed_in(tenant_id: TenantId, email: str = "amy@example.org") -> Client:
    user = create_user(email, password="long enough for anyone")
    with as_tenant(tenant_id):
        add_member(user, role=MemberRole.VIEWER)
    client = Client()
    client.force_login(user)
    return client


def files() -> list[Path]:
    return [path for path in settings.RECORDINGS.rglob("*") if path.is_file()]


def heard(client: Client, call_id: str, **headers: str) -> tuple[int, bytes]:
    response = client.get(f"/calls/{call_id}/audio", headers=headers)
    if not response.streaming:
        return response.status_code, response.content
    return response.status_code, asyncio.run(_all(response))


async def _all(response: Any) -> bytes:
    return b"".join([piece async for piece in response])


def test_a_recording_is_heard_by_the_companys_members(plumber: TenantId, call_id: CallId) -> None:
    """Byte for byte."""
    assert put(call_id, wav(), tenant_id=plumber) == 201
    assert heard(signed_in(plumber), call_id) == (200, wav())
    with as_tenant(plumber):
        assert queries.call_page(queries.live_calls()[0].id).recording_seconds == 1.0


def test_a_recording_is_not_heard_by_others(
    plumber: TenantId, clinic: TenantId, call_id: CallId
) -> None:
    """Another company's member: not there. Nobody signed in: to the sign-in page."""
    put(call_id, wav(), tenant_id=plumber)
    assert heard(signed_in(clinic, "eve@example.org"), call_id)[0] == 404
    assert heard(Client(), call_id)[0] == 302


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=44-", 206, slice(44, None)),
        ("bytes=-10", 206, slice(-10, None)),
        ("bytes=5-4", 416, slice(0, 0)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=0-1,4-5", 200, slice(0, None)),
        ("pages=1-2", 200, slice(0, None)),
        ("bytes=-", 200, slice(0, None)),
    ],
)
def test_a_player_may_ask_for_a_part(
    plumber: TenantId, call_id: CallId, asked: str, status: int, part: slice
) -> None:
    """As RFC 9110 has it."""
    put(call_id, wav(), tenant_id=plumber)
    assert heard(signed_in(plumber), call_id, Range=asked) == (status, wav()[part])


def test_sent_again_it_replaces_the_first(plumber: TenantId, call_id: CallId) -> None:
    """One file is left."""
    before = set(files())
    put(call_id, wav(), tenant_id=plumber)
    put(call_id, wav(SECOND * 2), tenant_id=plumber)
    assert len(set(files()) - before) == 1
    with as_tenant(plumber):
        assert queries.call_page(queries.live_calls()[0].id).recording_seconds == 2.0


def test_a_call_that_was_taken_up_is_heard_whole(plumber: TenantId, call_id: CallId) -> None:
    """Both processes' parts in the order in which they had it,
    whichever hands its own over first.
    """
    first, second = SECOND, bytes(reversed(SECOND)) * 2
    put(call_id, wav(second), tenant_id=plumber, epoch=2)
    put(call_id, wav(first), tenant_id=plumber, epoch=1)
    whole, member = wav(first + second), signed_in(plumber)
    assert heard(member, call_id) == (200, whole)
    seam = 44 + len(first)
    for start, end in (
        (0, 10),
        (40, 50),
        (seam - 3, seam + 3),
        (seam, seam + 4),
        (10, len(whole)),
        (seam + 9, seam + 9),
    ):
        assert heard(member, call_id, Range=f"bytes={start}-{end}") == (206, whole[start : end + 1])
    with as_tenant(plumber):
        assert queries.call_page(queries.live_calls()[0].id).recording_seconds == 3.0


NOT_RECORDINGS = {
    "nothing": b"",
    "half a header": wav()[:20],
    "no wav": b"\x00" * 4000,
    "mono": wav(channels=1),
    "16 kHz": wav(rate=16000),
    "8 bits": wav(width=1),
    "cut short": wav()[:-100],
    "longer than it says": wav() + b"\x00" * 4,
}


@pytest.mark.parametrize("which", NOT_RECORDINGS)
def test_what_is_no_recording_is_refused(plumber: TenantId, call_id: CallId, which: str) -> None:
    """400, and no file is left."""
    before = files()
    assert put(call_id, NOT_RECORDINGS[which], tenant_id=plumber) == 400
    assert files() == before


@pytest.mark.parametrize("epoch", [0, 1001, 10**12])
def test_an_epoch_that_no_call_has_is_refused(
    plumber: TenantId, call_id: CallId, epoch: int
) -> None:
    """400, and no file is left."""
    before = files()
    assert put(call_id, wav(), tenant_id=plumber, epoch=epoch) == 400
    assert files() == before


def test_only_the_calls_own_token_opens_the_door(
    plumber: TenantId, clinic: TenantId, call_id: CallId
) -> None:
    """Another call's, another company's, none, and one for a call that is not there."""
    before = files()
    assert put(call_id, wav(), tenant_id=plumber, token_for=str(uuid4())) == 401
    assert put(call_id, wav(), tenant_id=clinic) == 404
    assert put(str(uuid4()), wav(), tenant_id=plumber) == 404
    assert (
        Client().put(f"/internal/calls/{call_id}/recording/1", wav(), "audio/wav").status_code
        == 401
    )
    assert files() == before


def test_its_name_cannot_be_guessed(plumber: TenantId, call_id: CallId) -> None:
    """The call's id is not in it."""
    put(call_id, wav(), tenant_id=plumber)
    with as_tenant(plumber):
        (recording,) = queries.recordings_of(queries.live_calls()[0].id)
    assert call_id not in recording.name
    assert len(Path(recording.name).stem) >= 40
