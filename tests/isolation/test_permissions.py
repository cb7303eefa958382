"""The permission table, cell by cell, at every page and every operation of the API."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import psycopg
import pytest
from django.test import Client

from telephony.carriers import registry
from tenants.actions import add_member, create_api_key, create_user
from tenants.api.views import METHODS
from tenants.context import as_tenant
from tenants.models import Member, User
from tenants.permissions import ROLES, Permission
from tenants.web import SESSION_TENANT
from tests.tenants.test_doors import PUBLIC, addresses, ask, nobodys
from warmline.kernel.ids import TenantId

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("empty_valkey"),
    # Exports are asynchronous, and the test's server is not.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning"),
]

# Written a second time: whoever changes who may do what says so here as well.
TABLE: Final = """
company.read     owner admin builder reviewer viewer
company.write    owner admin
company.close    owner
members.read     owner admin builder
members.write    owner admin
keys.read        owner admin builder
keys.write       owner admin
agents.read      owner admin builder reviewer viewer
agents.write     owner admin builder
agents.publish   owner admin builder
agents.talk      owner admin builder
numbers.read     owner admin builder reviewer viewer
numbers.write    owner admin builder
knowledge.read   owner admin builder reviewer viewer
knowledge.write  owner admin builder
calls.read       owner admin builder reviewer viewer
calls.export     owner admin
calls.erase      owner admin
recordings.read  owner admin builder reviewer
bookings.read    owner admin builder reviewer viewer
bookings.write   owner admin builder
webhooks.read    owner admin builder
webhooks.write   owner admin builder
shadow.read      owner admin builder reviewer viewer
shadow.judge     owner admin builder reviewer
usage.read       owner admin builder
audit.read       owner admin
"""
MAY: Final = {line.split()[0]: set(line.split()[1:]) for line in TABLE.strip().splitlines()}

# Addresses that ask for no role, by how they begin, and what they ask for in its place.
WITHOUT_ROLE: Final = {
    "account/": "somebody signed in, about their own account",
    "companies/": "somebody signed in, about the companies they belong to",
    "company/new": "somebody signed in, who belongs to no company yet",
    "invitations/": "the token of an invitation's mail",
    "calendar/": "the token of a calendar's feed",
    "recordings/": "a link's token, whose maker is looked at again",
    "mailbox/": "a machine of one's own",
    "internal/": "a call's own token",
    **{f"{carrier}/": "the carrier's signature" for carrier in registry.names()},
}
# What is sent with a permission that only reads, and why that changes nothing of the company's.
CHANGES_NOTHING: Final = {
    "POST company/leave": "one's own membership",
    "POST calls/views": "a list of calls by a name",
    "POST calls/views/<uuid:view_id>/delete": "the same",
    "POST api/v1/views": "the same",
    "DELETE api/v1/views/<uuid:view_id>": "the same",
    "POST api/v1/calls/<uuid:call_id>/recording/link": "a way to what may be read",
    "POST api/v1/knowledge/search": "a question",
}
VIEWS: Final = dict(addresses())
PAGES: Final[dict[str, Mapping[str, Permission]]] = {
    route: view.permissions for route, view in VIEWS.items() if hasattr(view, "permissions")
}
OPERATIONS: Final[dict[str, dict[str, Permission]]] = {
    route: {
        method.upper(): handler.operation.permission
        for method in METHODS
        if (handler := getattr(view.cls, method, None)) is not None
    }
    for route, view in VIEWS.items()
    if hasattr(view, "cls")
}
OPERATORS: Final = [route for route, view in VIEWS.items() if hasattr(view, "for_operators")]
# What a page answers whose method it does not take.
NO_METHOD = 405


def cells(
    declared: Mapping[str, Mapping[str, Permission]],
) -> Iterator[tuple[str, str, Permission]]:
    """Method, address and permission of each; HEAD is a GET."""
    for route, methods in declared.items():
        for method, permission in methods.items():
            if method != "HEAD":
                yield method, route, permission


def test_the_table_is_what_it_was_agreed_to_be() -> None:
    """Each permission of each role."""
    declared = {
        permission: {role for role, allowed in ROLES.items() if permission in allowed}
        for permission in Permission
    }
    assert declared == MAY


def test_every_address_says_who_may_use_it() -> None:
    """By a permission, as an operators' page, or here with what it asks for in their place."""
    silent = [
        route
        for route in VIEWS.keys() - PAGES.keys() - OPERATIONS.keys() - set(OPERATORS) - PUBLIC
        if route and not route.startswith(tuple(WITHOUT_ROLE))
    ]
    assert silent == []
    assert all(OPERATIONS.values()), "a view of the API that declares no operation"
    declared = (*PAGES.values(), *OPERATIONS.values())
    used = {permission for methods in declared for permission in methods.values()}
    assert used == set(Permission), "a permission that nothing asks for"


def test_what_only_reads_changes_nothing() -> None:
    """Whatever is sent to a page or an operation needs more than to look at it."""
    reading = [
        f"{method} {route}"
        for method, route, permission in (*cells(PAGES), *cells(OPERATIONS))
        if method != "GET" and permission.only_reads
    ]
    assert sorted(reading) == sorted(CHANGES_NOTHING)


class Company:
    """A company with a member of each role, put back as it was before each request."""

    def __init__(self, tenant_id: TenantId, superuser: psycopg.Connection) -> None:
        self.tenant_id, self.superuser = tenant_id, superuser
        self.users: dict[str, User] = {}
        for role in ROLES:
            self.users[role] = create_user(f"{role}@example.com", password="a long enough one")
            with as_tenant(tenant_id):
                add_member(self.users[role], role=role)

    def signed_in(self, role: str) -> Client:
        """The member of that role, with the session as it is after signing in."""
        self._restore(role)
        client = Client(raise_request_exception=False)
        client.force_login(self.users[role])
        session = client.session
        session[SESSION_TENANT] = self.tenant_id
        session.save()
        return client

    def key(self, role: str) -> str:
        """A key that may do what the role may."""
        with as_tenant(self.tenant_id):
            return create_api_key(role, scopes=sorted(ROLES[role])).secret

    def _restore(self, role: str) -> None:
        """Some pages end a membership or close the company."""
        user = self.users[role]
        self.superuser.execute("UPDATE tenants_tenant SET closed_at = NULL")
        with as_tenant(self.tenant_id):
            if not Member.objects.filter(user=user).update(role=role):
                add_member(user, role=role)


@pytest.fixture
def company(rivertown: TenantId, superuser: psycopg.Connection, settings: Any) -> Company:
    """A plumber with five people."""
    settings.API_LIMITS = False
    return Company(rivertown, superuser)


def wrong(answer: Any, *, allowed: bool) -> bool:
    """Whether an answer is not what the table says, for ids that nobody has."""
    if answer.status_code == NO_METHOD:
        return False
    if not allowed:
        return bool(answer.status_code != 403)
    # 503: what an operation needs beside the database does not run here.
    return bool(answer.status_code in (401, 403, 500))


@pytest.mark.parametrize("role", list(ROLES))
def test_a_page_opens_to_the_roles_of_its_permission(role: str, company: Company) -> None:
    """And is refused to the others, by each method that it takes."""
    odd, taken = [], set()
    client = company.signed_in(role)
    # What is looked at comes first: what is sent may end all that.
    for method, route, permission in sorted(cells(PAGES)):
        if method == "POST":
            client = company.signed_in(role)
        answer = getattr(client, method.lower())(nobodys(route))
        if answer.status_code != NO_METHOD:
            taken.add(route)
        if wrong(answer, allowed=role in MAY[permission]):
            odd.append((method, route, permission, answer.status_code))
    assert odd == []
    assert taken == set(PAGES), "a page that takes neither method"


@pytest.mark.parametrize("role", list(ROLES))
def test_an_operation_opens_to_the_keys_of_its_permission(role: str, company: Company) -> None:
    """A key with all that the role may do, and no more."""
    odd, key = [], company.key(role)
    for method, route, permission in cells(OPERATIONS):
        headers = {"authorization": f"Bearer {key}"}
        client = Client(headers=headers, raise_request_exception=False)
        answer = ask(client, method.lower(), nobodys(route))
        if wrong(answer, allowed=role in MAY[permission]):
            odd.append((method, route, permission, answer.status_code))
    assert odd == []


def test_an_operators_page_is_no_members(company: Company) -> None:
    """Whatever their role."""
    assert OPERATORS
    for role in ROLES:
        client = company.signed_in(role)
        for route in OPERATORS:
            answers = {ask(client, method, nobodys(route)).status_code for method in METHODS}
            assert 403 in answers, (role, route)
            assert answers <= {403, NO_METHOD}, (role, route)
