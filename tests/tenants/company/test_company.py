"""A company's settings, its limits, and its life: open, suspended, closed, open again."""

import pytest

from tenants.actions import add_member, create_api_key, create_user
from tenants.actor import Actor, acting
from tenants.company import actions, queries
from tenants.company.founding import create_company
from tenants.company.types import KEPT_AFTER_CLOSING
from tenants.context import CONTROL, as_tenant
from tenants.keys.queries import tenant_of_api_key
from tenants.models import AuditEvent, Tenant
from tenants.people.models import Invitation
from tenants.queries import membership, memberships, tenant
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict, NotFound
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
SLUG = "rivertown"


def test_a_company_changes_its_own_settings(rivertown: TenantId) -> None:
    """What changed is in the trail, with what it was."""
    with as_tenant(rivertown), acting(Actor("user", id="u")):
        company = actions.change_settings(
            name=" Rivertown ", time_zone="Europe/Berlin", human_number="+1 212 555 0199"
        )
        assert (company.name, company.time_zone) == ("Rivertown", "Europe/Berlin")
        assert company.human_number == "+12125550199"
        event = AuditEvent.objects.get(action="company.change")
    assert event.detail["time_zone"] == {"from": "UTC", "to": "Europe/Berlin"}
    assert event.actor == "user:u"


def test_what_does_not_change_leaves_no_trace(rivertown: TenantId) -> None:
    """Saving a form as it is."""
    with as_tenant(rivertown):
        actions.change_settings(name="Rivertown Plumbing")
        assert not AuditEvent.objects.filter(action="company.change").exists()


@pytest.mark.parametrize(
    ("changes", "says", "field"),
    [
        ({"name": "  "}, "expected at least one letter", "name"),
        ({"name": "x" * 101}, "name", None),
        ({"name": "a\x00b"}, "name", None),
        ({"time_zone": "Berlin"}, "expected one such as Europe/Berlin", "time_zone"),
        ({"residency": "mars"}, "expected one of anywhere, us, eu", "residency"),
        ({"human_number": "911"}, "expected", "human_number"),
        ({"human_number": "call me"}, "expected", "human_number"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_beside_its_field(
    changes: dict[str, str], says: str, field: str | None, rivertown: TenantId
) -> None:
    """And nothing is changed."""
    with as_tenant(rivertown):
        before = queries.company()
        with pytest.raises(BadInput, match=says) as refused:
            actions.change_settings(**changes)
        if field:
            assert refused.value.field == field
        assert queries.company() == before


def test_an_operator_makes_a_company_once(db: None) -> None:
    """The slug is taken from then on."""
    made = create_company("newtown", name="Newtown", vertical="healthcare", plan="team").company
    assert (made.plan, made.state) == ("team", "open")
    with pytest.raises(Conflict, match="exists already"):
        create_company("newtown", name="Another", vertical="healthcare")
    assert queries.company_line("newtown").name == "Newtown"


def test_an_operator_hands_over_a_first_key(db: None) -> None:
    """With it the company sets itself up: it may do what an admin may, and its owner is asked."""
    made = create_company(
        "newtown", name="N", vertical="healthcare", owner="a@example.com", first_key="Set-up"
    )
    assert made.first_key is not None
    assert tenant_of_api_key(made.first_key.secret) is not None
    with as_tenant(made.company.id):
        assert [(i.email, i.role) for i in Invitation.objects.all()] == [("a@example.com", "owner")]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"slug": "New Town"}, "lower-case letters"),
        ({"slug": "-town"}, "lower-case letters"),
        ({"slug": ""}, "lower-case letters"),
        ({"slug": "x" * 64}, "slug"),
        ({"vertical": "alchemy"}, "expected one of .*healthcare"),
        ({"vertical": "../x"}, "expected one of .*healthcare"),
        ({"plan": "free"}, "expected one of trial, team, scale"),
        ({"name": " "}, "at least one letter"),
        ({"name": "a\nb"}, "one line"),
        ({"call_weight": 99}, "call weight 99"),
        ({"max_concurrent_calls": 10**12}, "max concurrent calls"),
        ({"owner": "nobody"}, "expected an address"),
        ({"first_key": "x" * 101}, "name"),
    ],
)
def test_a_company_that_cannot_be_is_not_made(fields: dict[str, str], says: str, db: None) -> None:
    """In a sentence."""
    given = {"slug": "newtown", "name": "Newtown", "vertical": "healthcare", **fields}
    with pytest.raises(BadInput, match=says):
        create_company(given.pop("slug"), **given)
    assert not Tenant.objects.using(CONTROL).exists()


def test_an_operators_change_of_terms_stands_in_the_companys_trail(rivertown: TenantId) -> None:
    """Plan and limits, with what they were; the rest is left."""
    changed = actions.change_terms(SLUG, plan="scale", max_concurrent_calls=50)
    assert (changed.plan, changed.max_concurrent_calls, changed.call_weight) == ("scale", 50, 1)
    with as_tenant(rivertown):
        event = AuditEvent.objects.get(action="company.terms")
    assert event.detail == {
        "plan": {"from": "trial", "to": "scale"},
        "max_concurrent_calls": {"from": 20, "to": 50},
    }


def test_a_suspended_company_is_shown_why_and_resumed(rivertown: TenantId) -> None:
    """Each step once."""
    with pytest.raises(BadInput, match="expected a reason"):
        actions.suspend_company(SLUG, because=" ")
    assert actions.suspend_company(SLUG, because="unpaid since May").state == "suspended"
    with pytest.raises(Conflict, match="is suspended or closed already"):
        actions.suspend_company(SLUG, because="again")
    with as_tenant(rivertown):
        assert AuditEvent.objects.get(action="company.suspend").detail == {
            "because": "unpaid since May"
        }
        assert not queries.takes_calls(tenant())
    assert actions.resume_company(SLUG).state == "open"
    with pytest.raises(Conflict, match="is not suspended"):
        actions.resume_company(SLUG)


def test_a_closed_company_reaches_nothing(rivertown: TenantId, lakeside: TenantId) -> None:
    """Its members, keys and invitations at once; another company's stay."""
    alice = create_user("alice@example.com", password="a long enough password")
    with as_tenant(lakeside):
        add_member(alice, role="viewer")
        others_key = create_api_key("theirs")
    with as_tenant(rivertown):
        add_member(alice, role="owner")
        key = create_api_key("ours")
        Invitation.objects.create(
            email="bob@example.com",
            role="viewer",
            invited_by="system",
            token_sha256=b"1",
            sent_at=clock.now(),
            expires_at=clock.now(),
        )
        closing = actions.close_company(confirmed_name=" Rivertown Plumbing ")
    assert closing.erased_after - closing.closed_at == KEPT_AFTER_CLOSING
    assert queries.company_line(SLUG).erase_at == closing.erased_after
    assert tenant_of_api_key(key.secret) is None
    assert tenant_of_api_key(others_key.secret) == lakeside
    assert [place.tenant_id for place in memberships(alice.pk)] == [lakeside]
    with as_tenant(rivertown):
        assert membership(alice.pk) is None
        assert Invitation.objects.get().revoked_at is not None


def test_a_company_is_closed_by_its_name_alone(rivertown: TenantId) -> None:
    """And once."""
    with as_tenant(rivertown):
        with pytest.raises(BadInput, match="expected the company's own, Rivertown Plumbing"):
            actions.close_company(confirmed_name="rivertown")
        assert tenant().closed_at is None
        actions.close_company(confirmed_name="Rivertown Plumbing")
        with pytest.raises(Conflict, match="closed already"):
            actions.close_company(confirmed_name="Rivertown Plumbing")


def test_a_closed_company_comes_back_with_its_members_and_without_its_keys(
    rivertown: TenantId,
) -> None:
    """Until its erasure begins."""
    alice = create_user("alice@example.com", password="a long enough password")
    with as_tenant(rivertown):
        add_member(alice, role="owner")
        key = create_api_key("ours")
        actions.close_company(confirmed_name="Rivertown Plumbing")
    assert actions.reopen_company(SLUG).state == "open"
    assert [place.name for place in memberships(alice.pk)] == ["Rivertown Plumbing"]
    assert tenant_of_api_key(key.secret) is None
    with pytest.raises(Conflict, match="is not closed"):
        actions.reopen_company(SLUG)


def test_a_company_whose_erasure_has_begun_stays_closed(rivertown: TenantId) -> None:
    """Half of it may be gone."""
    with as_tenant(rivertown):
        actions.close_company(confirmed_name="Rivertown Plumbing")
    Tenant.objects.using(CONTROL).filter(slug=SLUG).update(erase_at=clock.now())
    with pytest.raises(Conflict, match="erasure has begun"):
        actions.reopen_company(SLUG)


def test_an_operator_finds_companies(rivertown: TenantId, lakeside: TenantId) -> None:
    """By a part of name or slug, by state, a page at a time."""
    actions.suspend_company("lakeside", because="unpaid")
    assert [line.slug for line in queries.companies()] == ["lakeside", "rivertown"]
    assert [line.slug for line in queries.companies(search="PLUMB")] == ["rivertown"]
    assert [line.slug for line in queries.companies(state="suspended")] == ["lakeside"]
    assert [line.slug for line in queries.companies(after="lakeside")] == ["rivertown"]
    assert list(queries.companies(search="%")) == []
    with pytest.raises(NotFound):
        queries.company_line("nowhere")
