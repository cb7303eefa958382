"""A call's audio: in with the call's own token, out to the company's members."""

import asyncio
import io
import wave
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import obstore
import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from moto.server import ThreadedMotoServer
from obstore.store import from_url
from pytest_django import Settings

from telephony.calls import actions, queries, recording_store
from telephony.calls.call_state import Ending, Facts
from telephony.calls.recording_store import StoredRecording
from telephony.errors import MisplacedRecording
from tenants import call_tokens
from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.types import MemberRole
from tests.telephony.conftest import Carrier, ringing
from warmline.embedded.ports import HOST
from warmline.kernel import clock
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


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A folder of a bucket of an S3-compatible server on this machine; its address."""
    server = ThreadedMotoServer(HOST, port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    bucket = f"calls-{port}"
    made = httpx.put(f"http://{HOST}:{port}/{bucket}", trust_env=False)
    assert made.status_code == 200
    yield f"s3://{bucket}/recordings"
    server.stop()


def put(
    call_id: str,
    body: bytes,
    *,
    tenant_id: TenantId,
    token_for: str | None = None,
    epoch: int = 1,
    starts_ms: str = "0",
) -> int:
    token = call_tokens.issue(CallId(token_for or call_id), tenant_id, [], "", 60)
    return (
        Client()
        .put(
            f"/internal/calls/{call_id}/recording/{epoch}?starts_ms={starts_ms}",
            body,
            "audio/wav",
            headers={"Authorization": f"Bearer {token}"},
        )
        .status_code
    )


def signed_in(tenant_id: TenantId, email: str = "amy@example.org") -> Client:
    user = create_user(email, password="long enough for anyone")
    with as_tenant(tenant_id):
        add_member(user, role=MemberRole.REVIEWER)
    client = Client()
    client.force_login(user)
    return client


def files() -> list[Path]:
    folder = Path(settings.RECORDINGS.removeprefix("file://"))
    return [path for path in folder.rglob("*") if path.is_file()]


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


def test_sent_again_it_is_kept_once(plumber: TenantId, call_id: CallId) -> None:
    """An answer that was lost brings the same again; another one in its place is refused."""
    before = set(files())
    assert put(call_id, wav(), tenant_id=plumber) == 201
    assert put(call_id, wav(), tenant_id=plumber) == 200
    assert put(call_id, wav(SECOND * 2), tenant_id=plumber) == 409
    assert len(set(files()) - before) == 1
    assert heard(signed_in(plumber), call_id) == (200, wav())


def test_a_recording_comes_soon_after_the_calls_end_or_not_at_all(
    plumber: TenantId, call_id: CallId
) -> None:
    """Within ten minutes of the agent's part, whether a person goes on or not."""
    before = files()
    minutes_ago = clock.now() - timedelta(minutes=11)
    with as_tenant(plumber):
        actions.learn(UUID(call_id), Facts(transferred=Ending(minutes_ago, "transferred")))
    assert put(call_id, wav(), tenant_id=plumber) == 403
    assert files() == before


def test_what_lies_between_two_parts_is_silence(plumber: TenantId, call_id: CallId) -> None:
    """A call that a second process took up is as long as it was, and each part lies in its place.

    A part that says nothing of its place, or an earlier one, follows what is there.
    """
    put(call_id, wav(), tenant_id=plumber, starts_ms="500")
    put(call_id, wav(SECOND * 2), tenant_id=plumber, epoch=2, starts_ms="2000")
    put(call_id, wav(), tenant_id=plumber, epoch=3)
    half = bytes(16_000)
    expected = wav(half + SECOND + half + SECOND * 2 + SECOND)
    client = signed_in(plumber)
    assert heard(client, call_id) == (200, expected)
    part = slice(44 + 40_000, 44 + 90_000)
    assert heard(client, call_id, Range=f"bytes={part.start}-{part.stop - 1}")[1] == expected[part]
    with as_tenant(plumber):
        assert queries.call_page(queries.live_calls()[0].id).recording_seconds == 5.0


@pytest.mark.parametrize("starts_ms", ["-1", "14400001", "9999999999", "1e3", "", "noon"])
def test_a_recording_from_no_moment_of_a_call_is_refused(
    plumber: TenantId, call_id: CallId, starts_ms: str
) -> None:
    """And no file is kept."""
    before = files()
    assert put(call_id, wav(), tenant_id=plumber, starts_ms=starts_ms) == 400
    assert files() == before


@pytest.mark.parametrize(
    "name",
    [
        "../secrets.json",
        "secrets.json",
        "{tenant}/../../secrets.json",
        "{tenant}/../{other}/abcdefghijklmnopqrstuvwxyz.wav",
        "{other}/abcdefghijklmnopqrstuvwxyz.wav",
        "/{tenant}/abcdefghijklmnopqrstuvwxyz.wav",
        "{tenant}/abcdefghijklmnopqrstuvwxyz.wav\n",
        "{tenant}/deeper/abcdefghijklmnopqrstuvwxyz.wav",
        "",
    ],
)
def test_no_row_leads_out_of_the_tenants_own_recordings(
    plumber: TenantId, clinic: TenantId, call_id: CallId, name: str
) -> None:
    """Neither Postgres nor the store takes a name that is not below the tenant's own folder."""
    wanted = name.format(tenant=plumber, other=clinic)
    stored = StoredRecording(wanted, size_bytes=44, seconds=0.0, sha256="")
    with (
        pytest.raises(IntegrityError, match="telephony_recording_confined"),
        as_tenant(plumber),
    ):
        actions.keep_recording(UUID(call_id), stored, epoch=1)
    with pytest.raises(MisplacedRecording):
        recording_store.size_of(wanted, tenant_id=plumber)


def test_recordings_may_lie_in_a_bucket(
    plumber: TenantId, call_id: CallId, bucket: str, settings: Settings
) -> None:
    """Of an S3-compatible store: kept, heard whole and in part, and nothing of what is refused."""
    settings.RECORDINGS, settings.RECORDINGS_OVER_HTTP = bucket, True
    assert put(call_id, wav(), tenant_id=plumber) == 201
    assert put(call_id, wav(), tenant_id=plumber, epoch=2) == 201
    assert put(call_id, wav()[:-4], tenant_id=plumber, epoch=3) == 400
    member = signed_in(plumber)
    assert heard(member, call_id) == (200, wav(SECOND * 2))
    assert heard(member, call_id, Range="bytes=40-50") == (206, wav(SECOND * 2)[40:51])
    with as_tenant(plumber):
        names = {part.name for part in queries.recordings_of(UUID(call_id))}
    kept = {item["path"] for page in obstore.list(from_url(bucket)) for item in page}
    assert kept == names


def test_a_bucket_that_is_away_is_said_so(
    plumber: TenantId, call_id: CallId, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The media plane is told that the recording was not kept; the call's row says nothing of
    one.
    """
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    settings.RECORDINGS, settings.RECORDINGS_OVER_HTTP = "s3://nobody/there", True
    assert put(call_id, wav(), tenant_id=plumber) == 503
    with as_tenant(plumber):
        assert queries.recordings_of(UUID(call_id)) == ()


def test_a_call_that_was_taken_up_is_heard_whole(plumber: TenantId, call_id: CallId) -> None:
    """Both processes' parts in the order in which they had it, whichever hands its own over
    first.
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
