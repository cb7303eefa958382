"""What comes in by the API's door is sound, or refused in one form; what goes out says which."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from tenants.actions import create_api_key as admins_key
from tenants.context import as_tenant
from tenants.keys.actions import create_api_key
from tests.tenants.keys.conftest import api, post
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
KEYS = "/api/v1/keys"
PAGE = "https://app.example.com"
SOUND = {"name": "CRM", "role": "viewer"}


@pytest.fixture
def client(rivertown: TenantId) -> Client:
    """With a key that may do all."""
    with as_tenant(rivertown):
        return api(admins_key("test").secret)


def problem(answer: Any) -> tuple[int, str]:
    """The status and the code of a refusal in the API's one form."""
    assert answer["Content-Type"] == "application/problem+json", answer.content[:200]
    told = json.loads(answer.content)
    assert told["status"] == answer.status_code
    assert told["instance"] == answer["X-Request-Id"]
    assert told["type"].endswith(f"/api/v1/docs/problems#{told['code']}")
    return answer.status_code, told["code"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"name": "a", "name": "b", "role": "viewer"}',
        b'{"name": NaN}',
        b'{"name": Infinity}',
        b'{"name": 1e999}',
        b'{"name": "\\ud800", "role": "viewer"}',
        b'{"name": "\xff"}',
        b'{"name": "a\\u0000b", "role": "viewer"}',
        b"[" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"9" * 10_000,
        b'\xef\xbb\xbf{"name": "a", "role": "viewer"}',
        '{"name": "a", "role": "viewer"}'.encode("utf-16"),
        b"null",
        b"[]",
        b'"text"',
        b"9223372036854775808",
        b'{"name": 9223372036854775808, "role": ["viewer"]}',
        b"{'name': 'a'}",
        b'{"name": "a", "role": "viewer"} x',
        b'{"__proto__": {}, "name": "a", "role": "viewer"}',
    ],
)
def test_a_body_that_is_not_sound_is_refused(raw: bytes, client: Client) -> None:
    """Whatever is wrong with it, and nothing is made."""
    answer = client.post(KEYS, raw, content_type="application/json")
    assert problem(answer)[0] == 400
    assert len(client.get(KEYS).json()["items"]) == 1


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "nonsense",
    ],
)
def test_a_body_in_another_format_is_refused(content_type: str, client: Client) -> None:
    """JSON in UTF-8 alone is taken."""
    answer = client.generic("POST", KEYS, json.dumps(SOUND), content_type)
    assert problem(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", 'Application/JSON; charset="UTF-8"', "application/json;x=y"],
)
def test_json_in_utf_8_is_taken(content_type: str, client: Client) -> None:
    """However it is written."""
    answer = client.generic("POST", KEYS, json.dumps(SOUND), content_type)
    assert answer.status_code == 201


def test_an_answer_is_json_or_none(client: Client) -> None:
    """Who takes something else alone is told so, in JSON."""
    assert problem(client.get(KEYS, headers={"accept": "text/csv"})) == (406, "not_acceptable")
    for accepted in ("*/*", "application/*", "text/html,*/*;q=0.1"):
        assert client.get(KEYS, headers={"accept": accepted}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "refused"),
    [
        ("get", "/api/v1/nowhere", (404, "not_found")),
        ("post", "/api/v1/nowhere", (404, "not_found")),
        ("get", "/api/", (404, "not_found")),
        ("get", "/api/v2/keys", (404, "not_found")),
        ("get", "/api/v1/keys/", (404, "not_found")),
        ("get", "/api/v1/keys/../../etc/passwd", (404, "not_found")),
        ("get", "/api/v1/keys/not-an-id", (404, "not_found")),
        ("delete", KEYS, (405, "method_not_allowed")),
        ("put", KEYS, (405, "method_not_allowed")),
        ("trace", KEYS, (405, "method_not_allowed")),
        ("post", "/api/v1/openapi.json", (405, "method_not_allowed")),
    ],
)
def test_an_address_or_method_that_is_none_is_told_in_json(
    method: str, path: str, refused: tuple[int, str], client: Client
) -> None:
    """Never a page; a wrong method is told which there are."""
    answer = client.generic(method.upper(), path)
    assert problem(answer) == refused
    if refused[0] == 405:
        assert "GET" in answer["Allow"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=1000000000",
        "limit=9223372036854775808",
        "limit=NaN",
        "limit=",
        "limit=1&limit=2",
        "cursor=x",
        "cursor=" + "A" * 2000,
        "cursor=%ED%A0%80",
        "unknown=1",
        "tenant=00000000-0000-7000-8000-000000000000",
        "fields=secret",
        "fields=name,tenant_id",
        "fields=",
        "sort=name",
    ],
)
def test_a_parameter_that_is_not_as_declared_is_refused(query: str, client: Client) -> None:
    """Unknown, twice, out of bounds, tampered with: nothing is passed over."""
    assert problem(client.get(f"{KEYS}?{query}"))[0] == 400


def test_head_is_a_get_without_its_body(client: Client) -> None:
    """And OPTIONS says what there is."""
    head = client.head(KEYS)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) > 200
    options = client.options(KEYS)
    assert (options.status_code, options["Allow"]) == (204, "GET, POST, HEAD, OPTIONS")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("order-7.retry_2:a", True),
        ("x" * 100, True),
        ("x" * 101, False),
        ("", False),
        ("a b", False),
        ("-x", False),
        ('"><script>', False),
        ("a\tb", False),
    ],
)
def test_a_request_has_an_id(sent: str, kept: bool, client: Client) -> None:
    """The client's own, if logs and headers can hold it."""
    answer = client.get(KEYS, headers={"x-request-id": sent})
    assert (answer["X-Request-Id"] == sent) is kept
    assert answer["X-Request-Id"]


def test_a_long_answer_is_compressed_for_who_takes_that(client: Client) -> None:
    """But none that holds a secret."""
    for number in range(5):
        post(client, KEYS, SOUND | {"name": f"key {number}"})
    listed = client.get(KEYS, headers={"accept-encoding": "gzip"})
    assert listed["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(listed.content))["items"]) == 6
    created = post(client, KEYS, SOUND, **{"accept-encoding": "gzip"})
    assert "Content-Encoding" not in created
    assert len(created.content) > 200


def test_an_etag_that_was_compressed_is_still_one_to_match(client: Client) -> None:
    """gzip makes it a weak one."""
    address = post(client, KEYS, SOUND)["Location"]
    etag = client.get(address, headers={"accept-encoding": "gzip"})["ETag"]
    assert etag.startswith('W/"')
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    change = client.patch(
        address, {"name": "x"}, content_type="application/json", headers={"if-match": etag}
    )
    assert change.status_code == 200


def test_a_preflight_is_granted_and_the_request_held_to_its_key(rivertown: TenantId) -> None:
    """A browser asks without a key first."""
    preflight = Client().options(
        KEYS, headers={"origin": PAGE, "access-control-request-method": "POST"}
    )
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == PAGE
    assert "Idempotency-Key" in preflight["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in preflight
    with as_tenant(rivertown):
        with_page = create_api_key("page", origins=[PAGE])
        without = create_api_key("server")
    answer = api(with_page.secret, origin=PAGE).get(KEYS)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, PAGE)
    assert "Origin" in answer["Vary"]
    for secret, origin in (
        (without.secret, PAGE),
        (with_page.secret, "https://evil.example.com"),
        (with_page.secret, "null"),
    ):
        refused = post(api(secret, origin=origin), KEYS, SOUND)
        assert problem(refused) == (403, "origin_not_allowed")
        assert "Access-Control-Allow-Origin" not in refused
    assert len(api(without.secret).get(KEYS).json()["items"]) == 2


def test_our_own_pages_may_call_with_any_key(client: Client, settings: Any) -> None:
    """The documentation runs its examples."""
    assert client.get(KEYS, headers={"origin": settings.PUBLIC_URL}).status_code == 200
