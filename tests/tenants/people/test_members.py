"""Who may change whom: by the order of the roles, under one lock, and never the last owner."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from tenants.actions import add_member, create_user
from tenants.actor import Actor, acting
from tenants.context import as_tenant
from tenants.models import AuditEvent, Member, User
from tenants.people import actions, queries
from tenants.people.models import Invitation
from tenants.permissions import Permission, permissions_of
from tenants.types import MemberRole
from tests.tenants.people.conftest import PASSWORD, ActAs, People, membership_of
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict, NotAllowed, NotFound, WarmlineError
from warmline.kernel.ids import TenantId, new_uuid

pytestmark = pytest.mark.django_db
ORDER = list(MemberRole.values)


def outranks(one: str, other: str) -> bool:
    return ORDER.index(one) < ORDER.index(other)


@pytest.mark.parametrize("actor", ORDER)
def test_a_role_is_changed_by_who_may_and_stands_no_lower_than_either(
    actor: str, people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """Every actor, every member, every role: 125 cases by the table of permissions."""
    other = create_user("other@example.com", password=PASSWORD)
    may_at_all = Permission.MEMBERS_WRITE in permissions_of(actor)
    for target, wanted in product(ORDER, ORDER):
        with as_tenant(rivertown):
            add_member(other, role=target)
        allowed = may_at_all and not outranks(target, actor) and not outranks(wanted, actor)
        with act_as(people[actor]):
            member = membership_of(other)
            if allowed:
                actions.change_role(member.pk, role=wanted)
            else:
                with pytest.raises(NotAllowed):
                    actions.change_role(member.pk, role=wanted)
            assert membership_of(other).role == (wanted if allowed else target)


@pytest.mark.parametrize("actor", ORDER)
def test_a_member_is_removed_by_who_may_and_stands_no_lower(
    actor: str, people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """An admin cannot remove an owner; nobody below removes anybody."""
    other = create_user("other@example.com", password=PASSWORD)
    may_at_all = Permission.MEMBERS_WRITE in permissions_of(actor)
    for target in ORDER:
        with as_tenant(rivertown):
            add_member(other, role=target)
        allowed = may_at_all and not outranks(target, actor)
        with act_as(people[actor]):
            member = membership_of(other)
            if allowed:
                actions.remove_member(member.pk)
            else:
                with pytest.raises(NotAllowed):
                    actions.remove_member(member.pk)
            assert Member.objects.filter(user_id=other.pk).exists() is not allowed


def test_the_last_owner_stays_one(people: People, act_as: ActAs) -> None:
    """They can neither leave nor be removed nor step down."""
    owner = people["owner"]
    with act_as(owner):
        member = membership_of(owner)
        for attempt in (
            lambda: actions.change_role(member.pk, role="viewer"),
            lambda: actions.remove_member(member.pk),
            actions.leave,
        ):
            with pytest.raises(Conflict, match="last owner"):
                attempt()
        assert membership_of(owner).role == "owner"


def test_a_company_is_handed_over_in_one_step(people: People, act_as: ActAs) -> None:
    """The new owner owns it, the old one is an admin, and it is in the trail."""
    with act_as(people["owner"]):
        actions.transfer_ownership(membership_of(people["builder"]).pk)
        assert membership_of(people["builder"]).role == "owner"
        assert membership_of(people["owner"]).role == "admin"
        event = AuditEvent.objects.get(action="company.transfer")
        assert event.detail["to"] == str(people["builder"].pk)
        with pytest.raises(NotAllowed, match="only an owner"):
            actions.transfer_ownership(membership_of(people["viewer"]).pk)


@pytest.mark.parametrize("actor", ORDER[1:])
def test_only_an_owner_hands_a_company_over(actor: str, people: People, act_as: ActAs) -> None:
    """An admin could otherwise take it."""
    with act_as(people[actor]), pytest.raises(NotAllowed):
        actions.transfer_ownership(membership_of(people["viewer"]).pk)


def test_an_owner_does_not_hand_over_to_themselves(people: People, act_as: ActAs) -> None:
    """They would lose what they have."""
    with act_as(people["owner"]), pytest.raises(Conflict, match="own this company already"):
        actions.transfer_ownership(membership_of(people["owner"]).pk)


def at_once(*attempts: "object") -> list[WarmlineError | None]:
    """Each in a thread of its own, begun together; what each was refused by."""
    barrier = Barrier(len(attempts))

    def one(attempt: object) -> WarmlineError | None:
        barrier.wait(timeout=10)
        try:
            attempt()  # type: ignore[operator]
        except WarmlineError as error:
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(attempts)) as threads:
        return list(threads.map(one, attempts))


def test_two_admins_who_demote_each_other_at_once_leave_one(
    people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """The second finds their own role gone, under the company's lock."""
    second = create_user("second@example.com", password=PASSWORD)
    with as_tenant(rivertown):
        add_member(second, role="admin")
        first_member, second_member = membership_of(people["admin"]), membership_of(second)

    def demote(actor: User, target: Member) -> None:
        with act_as(actor):
            actions.change_role(target.pk, role="viewer")

    refusals = at_once(
        lambda: demote(people["admin"], second_member), lambda: demote(second, first_member)
    )
    assert sorted(type(refusal).__name__ for refusal in refusals) == ["NoneType", "NotAllowed"]
    with as_tenant(rivertown):
        assert Member.objects.filter(role="admin").count() == 1


def test_two_owners_who_leave_at_once_leave_one(
    people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """A company is never without an owner."""
    second = create_user("second@example.com", password=PASSWORD)
    with as_tenant(rivertown):
        add_member(second, role="owner")

    def go(user: User) -> None:
        with act_as(user):
            actions.leave()

    refusals = at_once(lambda: go(people["owner"]), lambda: go(second))
    assert sorted(type(refusal).__name__ for refusal in refusals) == ["Conflict", "NoneType"]
    with as_tenant(rivertown):
        assert Member.objects.filter(role="owner").count() == 1


@pytest.mark.urls("tests.tenants.probe_urls")
def test_a_changed_role_holds_from_the_next_request_on(
    people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """The session does not remember the old one."""
    client = Client()
    client.force_login(people["admin"])
    assert client.get("/admins").status_code == 200
    with act_as(people["owner"]):
        actions.change_role(membership_of(people["admin"]).pk, role="viewer")
    assert client.get("/admins").status_code == 403


def test_what_a_removed_member_had_sent_is_withdrawn(
    people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """Their own invitations, and one that waits for their own address."""
    with act_as(people["owner"]):
        for email, by in (
            ("friend@example.com", f"user:{people['admin'].pk}"),
            ("admin@example.com", f"user:{people['owner'].pk}"),
            ("stays@example.com", f"user:{people['owner'].pk}"),
        ):
            pending(email, role="viewer", by=by)
        actions.remove_member(membership_of(people["admin"]).pk)
        waiting = Invitation.objects.filter(revoked_at=None)
        assert [invitation.email for invitation in waiting] == ["stays@example.com"]


def test_what_somebody_promised_above_their_new_role_is_withdrawn(
    people: People, act_as: ActAs
) -> None:
    """An admin who is a builder now cannot have made an admin by yesterday's mail."""
    with act_as(people["owner"]):
        by = f"user:{people['admin'].pk}"
        pending("an-admin@example.com", role="admin", by=by)
        pending("a-viewer@example.com", role="viewer", by=by)
        actions.change_role(membership_of(people["admin"]).pk, role="builder")
        waiting = Invitation.objects.filter(revoked_at=None)
        assert [invitation.email for invitation in waiting] == ["a-viewer@example.com"]


def pending(email: str, *, role: str, by: str) -> None:
    Invitation.objects.create(
        email=email,
        role=role,
        invited_by=by,
        token_sha256=email.encode(),
        sent_at=clock.now(),
        expires_at=clock.now(),
    )


def test_somebody_with_an_account_joins_once(
    people: People, rivertown: TenantId, act_as: ActAs
) -> None:
    """Again is refused: it would change their role in passing."""
    carol = create_user("carol@example.com", password=PASSWORD)
    with act_as(people["admin"]):
        assert actions.join(carol, role="builder").role == "builder"
        with pytest.raises(Conflict, match="a member already"):
            actions.join(carol, role="admin")
        with pytest.raises(NotAllowed, match="an admin cannot give"):
            actions.join(create_user("dan@example.com", password=PASSWORD), role="owner")


def test_an_api_key_gives_no_role_above_an_admins(people: People, rivertown: TenantId) -> None:
    """Whatever its scopes are."""
    with as_tenant(rivertown), acting(Actor("key", id="abcd1234")):
        member = membership_of(people["viewer"])
        with pytest.raises(NotAllowed):
            actions.change_role(member.pk, role="owner")
        assert actions.change_role(member.pk, role="admin").role == "admin"


def test_a_role_that_does_not_exist_is_refused(people: People, act_as: ActAs) -> None:
    """With those that do."""
    with act_as(people["owner"]), pytest.raises(BadInput, match="expected one of owner, admin"):
        actions.change_role(membership_of(people["viewer"]).pk, role="root")


def test_another_companys_member_is_not_there(
    people: People, lakeside: TenantId, act_as: ActAs
) -> None:
    """Neither to look at nor to change."""
    with as_tenant(lakeside):
        stranger = add_member(create_user("eve@example.com", password=PASSWORD), role="admin")
    with act_as(people["owner"]):
        for member_id in (stranger.pk, new_uuid()):
            with pytest.raises(NotFound):
                queries.member(member_id)
            with pytest.raises(NotFound):
                actions.change_role(member_id, role="viewer")
            with pytest.raises(NotFound):
                actions.remove_member(member_id)


def test_members_come_in_pages(people: People, act_as: ActAs) -> None:
    """In the order in which they joined, each once, with their names and addresses."""
    with act_as(people["viewer"]):
        first = queries.members_page(limit=3)
        second = queries.members_page(limit=3, cursor=first.next_cursor)
    lines = (*first.items, *second.items)
    assert [line.role for line in lines] == ORDER
    assert [line.email for line in lines] == [f"{role}@example.com" for role in ORDER]
    assert lines[0].name == "Owner"
    assert second.next_cursor is None


def test_an_operator_gives_a_company_an_owner(people: People, rivertown: TenantId) -> None:
    """A member or not; who owns it already stays, and nobody is appointed twice."""
    outsider = create_user("dora@example.com", password=PASSWORD)
    call_command("appoint_owner", "dora@example.com", tenant="rivertown")
    call_command("appoint_owner", "viewer@example.com", tenant="rivertown")
    with as_tenant(rivertown):
        owners = {member.user_id for member in Member.objects.filter(role="owner")}
    assert owners == {people["owner"].pk, people["viewer"].pk, outsider.pk}
    with pytest.raises(CommandError, match="owns this company already"):
        call_command("appoint_owner", "dora@example.com", tenant="rivertown")
    with pytest.raises(CommandError, match="no user has the address"):
        call_command("appoint_owner", "nobody@example.com", tenant="rivertown")


@pytest.mark.parametrize("role", MemberRole.values)
def test_nobody_but_an_operator_appoints_an_owner(people: People, act_as: ActAs, role: str) -> None:
    """An owner hands the company over instead."""
    with act_as(people[role]), pytest.raises(NotAllowed, match="only an operator"):
        actions.appoint_owner(people["viewer"])
