"""The REST API's door: a key opens its own tenant's room, and no error says what is in another."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tenants.actions import NewApiKey, create_api_key, revoke_api_key
from tenants.context import as_tenant
from tenants.models import ApiKey
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tenants.probe_urls")]


@pytest.fixture
def keys(rivertown: TenantId, lakeside: TenantId) -> dict[str, NewApiKey]:
    """A key of each tenant."""
    made = {}
    for name, tenant_id in (("rivertown", rivertown), ("lakeside", lakeside)):
        with as_tenant(tenant_id):
            made[name] = create_api_key(f"of {name}")
    return made


def with_key(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)


def test_a_key_lists_its_own_tenants_rows(keys: dict[str, NewApiKey]) -> None:
    """Rendered while the tenant is bound."""
    for name, key in keys.items():
        assert with_key(key.secret).get("/api/keys").json() == {"keys": [f"of {name}"]}


def test_another_tenants_id_is_not_there(keys: dict[str, NewApiKey]) -> None:
    """Word for word the answer for an id that never existed."""
    client = with_key(keys["rivertown"].secret)
    assert client.get(f"/api/keys/{keys['rivertown'].id}").status_code == 200
    for key_id in (keys["lakeside"].id, "00000000-0000-7000-8000-000000000000"):
        answer = client.get(f"/api/keys/{key_id}")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert (answer.json()["code"], answer.json()["detail"]) == ("not_found", f"no key {key_id}")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wl_",
        "Bearer wl_0000_x",
        "Basic d2w6eA==",
        "Bearer " + "wl_" + "x" * 5000,
        "Bearer ' OR 1=1 --",
        "Bearer wl_\x00",
        "Token wl_a_b",
    ],
)
def test_anything_but_a_live_key_is_401(header: str, keys: dict[str, NewApiKey]) -> None:
    """With a hint at what is asked for, and never a server error."""
    answer = Client(headers={"authorization": header}).get("/api/keys")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="warmline"'
    assert answer.json()["code"] == "unauthenticated"


def test_the_prefix_of_a_key_is_not_the_key(keys: dict[str, NewApiKey]) -> None:
    """Nor is the key with a character changed."""
    secret = keys["rivertown"].secret
    for near in (keys["rivertown"].prefix, secret[:-1], secret + "x", secret.upper()):
        assert with_key(near).get("/api/keys").status_code == 401


def test_a_revoked_key_opens_nothing(keys: dict[str, NewApiKey], rivertown: TenantId) -> None:
    """At once; a second revocation finds nothing to revoke."""
    with as_tenant(rivertown):
        revoke_api_key(keys["rivertown"].id)
    assert with_key(keys["rivertown"].secret).get("/api/keys").status_code == 401
    with as_tenant(rivertown), pytest.raises(NotFound):
        revoke_api_key(keys["rivertown"].id)


def test_another_tenants_key_cannot_be_revoked(
    keys: dict[str, NewApiKey], lakeside: TenantId
) -> None:
    """It is not there."""
    with as_tenant(lakeside), pytest.raises(NotFound):
        revoke_api_key(keys["rivertown"].id)
    assert with_key(keys["rivertown"].secret).get("/api/keys").status_code == 200


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("missing", 404),
        ("refused", 403),
        ("wrong", 400),
        ("absent", 404),
        ("unreadable", 400),
        ("broken", 500),
    ],
)
def test_a_request_that_fails_leaves_nothing(
    how: str, status: int, keys: dict[str, NewApiKey], rivertown: TenantId
) -> None:
    """Errors that become answers are rolled back too."""
    answer = with_key(keys["rivertown"].secret).post(
        f"/api/fail/{how}", content_type="application/json"
    )
    assert answer.status_code == status
    with as_tenant(rivertown):
        assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("how", "answered"),
    [
        ("wrong", {"code": "bad_input", "detail": "because"}),
        ("absent", {"code": "not_found", "detail": "because"}),
        (
            "unreadable",
            {
                "code": "bad_input",
                "detail": "name: too long",
                "errors": [{"field": "name", "code": "invalid", "detail": "too long"}],
            },
        ),
    ],
)
def test_every_refusal_has_one_form(
    how: str, answered: dict[str, object], keys: dict[str, NewApiKey]
) -> None:
    """Ours, Django's and the REST framework's: a problem of RFC 9457, with the fields at fault."""
    answer = with_key(keys["rivertown"].secret).post(
        f"/api/fail/{how}", content_type="application/json"
    )
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"].endswith(f"#{answered['code']}")
    assert {name: told[name] for name in answered} == answered


def test_a_view_that_asks_for_no_permission_still_takes_a_key(keys: dict[str, NewApiKey]) -> None:
    """Without one there is no tenant to answer for."""
    assert Client().get("/api/count").status_code == 401
    assert with_key(keys["rivertown"].secret).get("/api/count").content == b"1 keys"


def test_the_secret_is_kept_nowhere(keys: dict[str, NewApiKey], rivertown: TenantId) -> None:
    """Only its hash is."""
    with as_tenant(rivertown):
        kept = ApiKey.objects.values().get()
    assert keys["rivertown"].secret not in str(kept)
    assert len(bytes(kept["secret_sha256"])) == 32


def test_the_command_prints_a_key_that_works(
    rivertown: TenantId, capsys: pytest.CaptureFixture[str]
) -> None:
    """`manage.py create_api_key`, this once."""
    call_command("create_api_key", tenant="rivertown", name="from the command line", role="admin")
    secret = capsys.readouterr().out.strip()
    assert with_key(secret).get("/api/keys").json() == {"keys": ["from the command line"]}


def test_the_command_says_when_there_is_no_such_tenant(db: None) -> None:
    """In a sentence."""
    with pytest.raises(CommandError, match="no tenant has the slug 'nowhere'"):
        call_command("create_api_key", tenant="nowhere", name="x")
