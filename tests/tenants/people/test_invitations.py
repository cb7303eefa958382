"""An invitation is accepted once, in time, by whom its address belongs to, and no one else."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.mail.outbox import deliver_due
from tenants.models import AuditEvent, Member
from tenants.people import invitations, queries
from tenants.people.models import Invitation
from tenants.people.newcomers import accept_as_newcomer
from tenants.people.types import MAX_PENDING
from tenants.queries import memberships
from tests.tenants.people.conftest import PASSWORD, ActAs, People
from tests.tenants.people.test_members import at_once
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from warmline.kernel.ids import TenantId, new_uuid

pytestmark = [pytest.mark.django_db]
BOB = "bob@example.com"


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def invited(people: People, act_as: ActAs, *, role: str = "builder", email: str = BOB) -> str:
    """The token of an invitation that an admin sent."""
    with act_as(people["admin"]):
        return token_of(invitations.invite(email, role=role).link)


def test_somebody_with_an_account_accepts_and_is_in(
    people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """As what they were invited, and it is in the trail as their own act."""
    token = invited(people, act_as, email="Bob@Example.com")
    bob = create_user(BOB, password=PASSWORD)
    place = invitations.accept_invitation(token, user=bob)
    assert (place.tenant_id, place.role) == (rivertown, "builder")
    assert [entered.role for entered in memberships(bob.pk)] == ["builder"]
    with as_tenant(rivertown):
        event = AuditEvent.objects.get(action="invitation.accept")
        assert event.actor == f"user:{bob.pk}"
        (line,) = queries.invitations_page().items
    assert (line.state, line.invited_by) == ("accepted", "Admin")


def test_a_newcomer_opens_an_account_with_the_invited_address(
    people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """Whoever holds the link has the mailbox; a weak password is refused first."""
    token = invited(people, act_as)
    with pytest.raises(BadInput, match="too short") as refused:
        accept_as_newcomer(token, name="Bob", password="short")
    assert refused.value.field == "password"
    accept_as_newcomer(token, name="Bob", password=PASSWORD)
    with as_tenant(rivertown):
        assert [line.email for line in queries.all_members()][-1] == BOB
    with pytest.raises(NotFound):
        accept_as_newcomer(token, name="Bob", password=PASSWORD)


def test_an_account_that_is_there_is_not_opened_again(people: People, act_as: ActAs) -> None:
    """The link is no way to another password."""
    token = invited(people, act_as)
    create_user(BOB, password=PASSWORD)
    with pytest.raises(Conflict, match="has an account"):
        accept_as_newcomer(token, name="Bob", password="another long password")


def test_a_link_that_was_passed_on_lets_nobody_else_in(people: People, act_as: ActAs) -> None:
    """Signed in with another address."""
    token = invited(people, act_as)
    eve = create_user("eve@example.com", password=PASSWORD)
    with pytest.raises(NotAllowed, match="this invitation is for"):
        invitations.accept_invitation(token, user=eve)
    assert memberships(eve.pk) == ()


def test_of_two_who_accept_at_once_one_does(
    people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """The token is used up under the company's lock."""
    token = invited(people, act_as)
    bob = create_user(BOB, password=PASSWORD)
    refusals = at_once(*[lambda: invitations.accept_invitation(token, user=bob) for _ in range(3)])
    assert [type(refusal).__name__ for refusal in refusals].count("NoneType") == 1
    with as_tenant(rivertown):
        assert Member.objects.filter(user_id=bob.pk).count() == 1


@pytest.mark.parametrize("fate", ["used", "revoked", "expired", "resent", "company closed"])
def test_an_invitation_that_is_over_lets_nobody_in(
    fate: str, people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """Whatever ended it, the answer is the same."""
    token = invited(people, act_as)
    bob = create_user(BOB, password=PASSWORD)
    with act_as(people["owner"]):
        row = Invitation.objects.get()
        if fate == "used":
            Invitation.objects.update(accepted_at=clock.now())
        elif fate == "revoked":
            invitations.revoke_invitation(row.pk)
        elif fate == "expired":
            Invitation.objects.update(expires_at=clock.now())
        elif fate == "resent":
            Invitation.objects.update(sent_at=clock.now() - timedelta(minutes=2))
            invitations.resend_invitation(row.pk)
    if fate == "company closed":
        close(rivertown)
    with pytest.raises(NotFound, match="ask for another"):
        invitations.accept_invitation(token, user=bob)
    with pytest.raises(NotFound, match="ask for another"):
        queries.open_invitation(token)
    assert memberships(bob.pk) == ()


def close(tenant_id: TenantId) -> None:
    from tenants.company.actions import close_company

    with as_tenant(tenant_id):
        close_company(confirmed_name="Rivertown Plumbing")


@pytest.mark.parametrize("token", ["", "any", "\x00", "\ud800", "é" * 500, "%00"])
def test_a_token_that_was_never_given_leads_nowhere(token: str, db: None) -> None:
    """Whatever its letters are."""
    with pytest.raises(NotFound):
        queries.open_invitation(token)


def test_the_token_is_kept_nowhere(people: People, rivertown: TenantId, act_as: ActAs) -> None:
    """Who reads the rows cannot accept."""
    token = invited(people, act_as)
    with as_tenant(rivertown):
        row = Invitation.objects.values().get()
        events = list(AuditEvent.objects.values())
    assert token not in f"{row}{events}"


def test_an_invitation_is_mailed_with_its_link(people: People, act_as: ActAs) -> None:
    """After the commit, by the job that sends mail."""
    with act_as(people["admin"]):
        made = invitations.invite(BOB, role="viewer")
        assert deliver_due() == 0
    assert deliver_due() == 1
    (letter,) = mail.outbox
    assert letter.to == [BOB]
    assert made.link in letter.body
    assert letter.subject == "Admin invites you to Rivertown Plumbing on Warmline"


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        (("not an address", "viewer"), BadInput, "expected an address"),
        (("", "viewer"), BadInput, "expected an address"),
        (("a\x00@example.com", "viewer"), BadInput, "email"),
        (("x" * 300 + "@example.com", "viewer"), BadInput, "email"),
        ((BOB, "emperor"), BadInput, "expected one of"),
        ((BOB, "owner"), NotAllowed, "an admin cannot give"),
        (("viewer@example.com", "viewer"), Conflict, "is a member"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused(
    given: tuple[str, str], error: type[Exception], says: str, people: People, act_as: ActAs
) -> None:
    """In a sentence, and nothing is sent."""
    email, role = given
    with act_as(people["admin"]):
        with pytest.raises(error, match=says):
            invitations.invite(email, role=role)
        assert not Invitation.objects.exists()


def test_an_address_is_invited_once_and_a_mailbox_is_not_filled(
    people: People, act_as: ActAs
) -> None:
    """Again after it was revoked; the same mail again after a minute."""
    invited(people, act_as)
    with act_as(people["admin"]):
        row = Invitation.objects.get()
        with pytest.raises(Conflict, match="is invited already"):
            invitations.invite(BOB, role="viewer")
        with pytest.raises(Conflict, match="less than a minute ago"):
            invitations.resend_invitation(row.pk)
        invitations.revoke_invitation(row.pk)
        with pytest.raises(Conflict, match="is over"):
            invitations.revoke_invitation(row.pk)
        invitations.invite(BOB, role="viewer")


def test_there_is_a_bound_on_what_waits(people: People, act_as: ActAs) -> None:
    """Nobody invites a list of leads."""
    with act_as(people["admin"]):
        Invitation.objects.bulk_create(
            Invitation(
                email=f"{number}@example.com",
                role="viewer",
                invited_by="system",
                token_sha256=bytes([number]),
                sent_at=clock.now(),
                expires_at=clock.now(),
            )
            for number in range(MAX_PENDING)
        )
        with pytest.raises(Conflict, match="invitations wait already"):
            invitations.invite(BOB, role="viewer")


def test_another_companys_invitation_is_not_there(
    people: People, lakeside: TenantId, act_as: ActAs
) -> None:
    """Neither to send again nor to revoke."""
    with as_tenant(lakeside):
        made = invitations.invite(BOB, role="viewer")
    with act_as(people["owner"]):
        for invitation_id in (made.id, new_uuid()):
            for attempt in (
                invitations.resend_invitation,
                invitations.revoke_invitation,
                queries.invitation,
            ):
                with pytest.raises(NotFound):
                    attempt(invitation_id)


def test_the_page_behind_the_link(people: People, act_as: ActAs) -> None:
    """A newcomer opens an account there, and signs in; a link that is over says so."""
    token = invited(people, act_as, role="viewer")
    client = Client()
    address = f"/invitations/{token}"
    page = client.get(address).content.decode()
    assert "Join Rivertown Plumbing" in page
    assert client.post(address, {"name": "Bob", "password": "short"}).status_code == 422
    answer = client.post(address, {"name": "Bob", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in")
    assert client.get(address).status_code == 404


def test_somebody_signed_in_accepts_on_the_page(
    people: People, rivertown: TenantId, lakeside: TenantId, act_as: ActAs
) -> None:
    """And is in the company at once, whichever they were in."""
    bob = create_user(BOB, password=PASSWORD)
    with as_tenant(lakeside):
        add_member(bob, role="viewer")
    token = invited(people, act_as, role="admin")
    client = Client()
    assert "Sign in" in client.get(f"/invitations/{token}").content.decode()
    client.force_login(bob)
    assert client.post(f"/invitations/{token}").status_code == 303
    assert "Rivertown Plumbing" in client.get("/members/").content.decode()
    client.force_login(people["viewer"])
    assert client.post(f"/invitations/{token}").status_code == 404
