"""Keys reach as far as whoever made them, for as long as they were made for."""

from collections.abc import Set
from datetime import UTC, datetime, timedelta

import pytest

from tenants.actor import Actor, acting
from tenants.context import as_tenant
from tenants.keys import queries
from tenants.keys.actions import change_api_key, create_api_key, revoke_api_key, rotate_api_key
from tenants.keys.origins import parsed_origins
from tenants.keys.types import MAX_LIVE_KEYS, NewApiKey
from tenants.models import ApiKey, AuditEvent, Member, User
from tenants.permissions import Permission, permissions_of
from tests.tenants.keys.conftest import actor, member
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def opens(key: NewApiKey) -> Set[Permission] | None:
    """What the key may do now; None when it opens nothing."""
    if queries.tenant_of_api_key(key.secret) is None:
        return None
    live = queries.live_key(key.secret)
    return None if live is None else live.permissions


def by_key(key: NewApiKey) -> Actor:
    return Actor("key", id=key.id)


def test_a_key_may_do_what_it_was_made_for(as_alice: User) -> None:
    """And nothing besides; the trail says who made it."""
    key = create_api_key("CRM", scopes=["calls.read", "bookings.read"])
    assert opens(key) == {Permission.CALLS_READ, Permission.BOOKINGS_READ}
    detail = queries.key(ApiKey.objects.get().pk)
    assert (detail.state, detail.made_by, detail.last_used_at) == ("live", str(as_alice), None)
    assert AuditEvent.objects.get(action="api_key.create").actor == f"user:{as_alice.pk}"


@pytest.mark.parametrize("scopes", [[], ["calls.steal"], ["calls.read", "*"], ["CALLS.READ"]])
def test_scopes_are_permissions_of_the_table(scopes: list[str], as_alice: User) -> None:
    """A refusal names them."""
    with pytest.raises(BadInput) as refused:
        create_api_key("CRM", scopes=scopes)
    assert refused.value.field == "scopes"
    assert ApiKey.objects.count() == 0


def test_nobody_makes_a_key_that_may_do_more_than_they(as_alice: User) -> None:
    """An admin no key that closes the company; by default a key has what its maker has of it."""
    with pytest.raises(NotAllowed, match=r"company\.close"):
        create_api_key("CRM", scopes=["company.close"])
    assert opens(create_api_key("CRM")) == permissions_of("admin")


def test_a_key_makes_no_stronger_key(as_alice: User) -> None:
    """Neither in what it may do nor for how long; nor by changing or rotating a stronger one."""
    stronger = create_api_key("all")
    end = clock.now() + timedelta(days=7)
    key = create_api_key("keys", scopes=["keys.write", "calls.read"], expires_at=end)
    with acting(by_key(key)):
        with pytest.raises(NotAllowed):
            create_api_key("more", scopes=["calls.read", "calls.erase"])
        with pytest.raises(NotAllowed):
            change_api_key(key.id, scopes=["keys.write", "calls.erase"])
        with pytest.raises(NotAllowed):
            rotate_api_key(stronger.id)
        with pytest.raises(BadInput, match="or earlier"):
            create_api_key("longer", scopes=["calls.read"], expires_at=end + timedelta(days=1))
        made = create_api_key("the same", scopes=["calls.read"])
    assert opens(made) == {Permission.CALLS_READ}
    assert ApiKey.objects.get(pk=made.id).expires_at == end


def test_a_key_shrinks_with_the_role_of_whoever_made_it(as_alice: User) -> None:
    """At once, and stops when they leave; it grows again with them. The list says so."""
    key = create_api_key("CRM", scopes=["calls.read", "calls.erase"])
    mine = Member.objects.filter(user_id=as_alice.pk)
    mine.update(role="viewer")
    assert opens(key) == {Permission.CALLS_READ}
    assert queries.every_key()[0].lost_scopes == ("calls.erase",)
    mine.delete()
    assert opens(key) == frozenset()
    assert queries.every_key()[0].state == "stopped"
    Member.objects.create(user_id=as_alice.pk, role="admin")
    assert opens(key) == {Permission.CALLS_READ, Permission.CALLS_ERASE}


def test_an_operators_key_is_bound_to_no_member(rivertown: TenantId) -> None:
    """It was made at the command line."""
    with as_tenant(rivertown), acting(Actor("command")):
        assert opens(create_api_key("CRM", scopes=["company.close"])) == {Permission.COMPANY_CLOSE}


def test_a_key_ends_when_it_was_said_to(as_alice: User) -> None:
    """By the database's clock; an end that is over is refused."""
    now = clock.now()
    key = create_api_key("CRM", expires_at=now + timedelta(days=1))
    assert opens(key) is not None
    ApiKey.objects.update(expires_at=now - timedelta(seconds=1))
    assert opens(key) is None
    assert queries.every_key()[0].state == "expired"
    with pytest.raises(BadInput, match="expected later"):
        create_api_key("CRM", expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    for change in (rotate_api_key, change_api_key):
        with pytest.raises(NotFound):
            change(key.id)


def test_both_keys_of_a_rotation_work_until_the_old_ones_end(as_alice: User) -> None:
    """Both are listed; the new one may do the same, and lasts as long."""
    old = create_api_key("CRM", scopes=["calls.read"], expires_at=clock.now() + timedelta(days=90))
    new = rotate_api_key(old.id, overlap_hours=2)
    assert opens(old) == opens(new) == {Permission.CALLS_READ}
    listed = {detail.prefix: detail for detail in queries.every_key()}
    left = listed[old.prefix].expires_at
    assert left is not None
    assert timedelta(hours=1, minutes=59) < left - clock.now() <= timedelta(hours=2)
    assert str(listed[new.prefix].replaces) == old.id
    lasts = listed[new.prefix].expires_at
    assert lasts is not None
    assert lasts - clock.now() > timedelta(days=89)


def test_a_rotation_without_overlap_ends_the_old_key_at_once(as_alice: User) -> None:
    """For a key that was seen by the wrong eyes."""
    old = create_api_key("CRM")
    new = rotate_api_key(old.id, overlap_hours=0)
    assert (opens(old), opens(new)) == (None, permissions_of("admin"))


@pytest.mark.parametrize("hours", [-1, 169, 10**9])
def test_an_overlap_has_bounds(hours: int, as_alice: User) -> None:
    """A week at most."""
    with pytest.raises(BadInput, match="0 to 168"):
        rotate_api_key(create_api_key("CRM").id, overlap_hours=hours)


def test_an_old_key_that_ends_sooner_keeps_its_end(as_alice: User) -> None:
    """A rotation prolongs nothing."""
    end = clock.now() + timedelta(hours=1)
    old = create_api_key("CRM", expires_at=end)
    rotate_api_key(old.id, overlap_hours=24)
    assert ApiKey.objects.get(pk=old.id).expires_at == end


def test_whoever_rotates_a_key_is_its_maker(as_alice: User, rivertown: TenantId) -> None:
    """So a colleague who leaves does not stop what somebody else took over."""
    old = create_api_key("CRM", scopes=["calls.read"])
    bob = member(rivertown, "bob@example.com", role="admin")
    with acting(actor(bob)):
        new = rotate_api_key(old.id)
    Member.objects.filter(user_id=as_alice.pk).delete()
    assert (opens(old), opens(new)) == (frozenset(), {Permission.CALLS_READ})


def test_revoking_a_key_ends_those_that_it_made(as_alice: User) -> None:
    """However far down: whoever stole it made some before they were found."""
    stolen = create_api_key("stolen", scopes=["keys.write", "calls.read"])
    with acting(by_key(stolen)):
        second = create_api_key("second", scopes=["keys.write", "calls.read"])
        rotated = rotate_api_key(stolen.id)
    with acting(by_key(second)):
        third = create_api_key("third", scopes=["calls.read"])
    other = create_api_key("other")
    revoke_api_key(stolen.id)
    assert [opens(key) for key in (stolen, second, rotated, third)] == [None] * 4
    assert opens(other) is not None


def test_a_company_has_so_many_keys_at_most(as_alice: User) -> None:
    """Those that ended do not count."""
    rows = [ApiKey(name="x", prefix="x", secret_sha256=b"x") for _ in range(MAX_LIVE_KEYS)]
    ApiKey.objects.bulk_create(rows)
    with pytest.raises(Conflict):
        create_api_key("one more")
    revoke_api_key(rows[0].pk)
    assert create_api_key("one more").secret


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://app.example.com", "https://app.example.com"),
        (" HTTPS://App.Example.com:443/ ", "https://app.example.com"),
        ("https://app.example.com:8443", "https://app.example.com:8443"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(given: str, kept: str) -> None:
    """Scheme, host, and the port where it is not the scheme's own."""
    assert parsed_origins([given, given]) == (kept,)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "",
        "https://*.example.com",
        "http://app.example.com",
        "https://app.example.com/path",
        "https://app.example.com?x",
        "https://me@app.example.com",
        "https://:@app.example.com",
        "https://app.example.com:99999",
        "https://bücher.example",
        "ftp://app.example.com",
        "https://[::1",
        "javascript:alert(1)",
        "https://" + "a" * 300,
    ],
)
def test_what_is_no_origin_of_a_page_is_refused(origin: str) -> None:
    """Also one that whoever sits on the way could play."""
    with pytest.raises(BadInput, match="expected https://host"):
        parsed_origins([origin])
