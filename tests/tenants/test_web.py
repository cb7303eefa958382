"""The dashboard's door: members see their own company, in the role they have, and nothing else."""

import pytest
from django.contrib.auth import authenticate
from django.db import ProgrammingError
from django.test import Client

from tenants.actions import add_member, create_api_key, create_user, set_password
from tenants.context import as_tenant
from tenants.models import ApiKey, Member, User
from tenants.permissions import Permission
from tenants.web import SESSION_TENANT, tenant_view
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tenants.probe_urls")]
PASSWORD = "a long enough one"


@pytest.fixture
def alice(rivertown: TenantId, lakeside: TenantId) -> User:
    """Admin of the plumber's; each company has a key of its own."""
    user = create_user("Alice@Example.com", password=PASSWORD)
    with as_tenant(rivertown):
        add_member(user, role="admin")
        create_api_key("of rivertown")
    with as_tenant(lakeside):
        create_api_key("of lakeside")
    return user


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def choose_behind_its_back(client: Client, tenant_id: str) -> None:
    session = client.session
    session[SESSION_TENANT] = tenant_id
    session.save()


def test_a_member_sees_the_company_they_belong_to(alice: User) -> None:
    """And in which role they do."""
    answer = signed_in(alice).get("/names")
    assert answer.json() == {
        "keys": ["of rivertown"],
        "role": "admin",
        "tenant": "Rivertown Plumbing",
    }


def test_an_address_signs_in_in_any_case(alice: User) -> None:
    """People do not type it the same way twice; the wrong password still does not."""
    assert authenticate(username=" ALICE@example.COM", password=PASSWORD) == alice
    assert authenticate(username="alice@example.com", password="not this one") is None
    assert authenticate(username="bob@example.com", password=PASSWORD) is None


def test_signing_in_leads_to_the_company(alice: User) -> None:
    """Through the form, as the app role."""
    client = Client()
    client.post("/sign-in?next=/names", {"username": "Alice@example.com", "password": PASSWORD})
    assert client.get("/names").json()["tenant"] == "Rivertown Plumbing"


def test_an_address_is_taken_in_every_case(alice: User) -> None:
    """One person, one account."""
    with pytest.raises(BadInput, match="exists already"):
        create_user("ALICE@EXAMPLE.COM", password=PASSWORD)


def test_a_new_password_takes_the_old_ones_place(alice: User) -> None:
    """At once."""
    set_password("Alice@example.com", password="another long one")
    assert authenticate(username="alice@example.com", password=PASSWORD) is None
    assert authenticate(username="alice@example.com", password="another long one") == alice


def test_nobody_signed_in_is_asked_to(alice: User) -> None:
    """And comes back to where they wanted to go."""
    answer = Client().get("/names")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?next=/names"


def test_a_password_is_set_for_somebody_who_is_there(db: None) -> None:
    """For nobody else."""
    with pytest.raises(NotFound, match="no user has the address bob@example"):
        set_password("Bob@example.com", password="another long one")


def test_a_page_for_operators_opens_to_operators_alone(alice: User) -> None:
    """A member of a company is refused, and nobody signed in is asked to."""
    operator = create_user("op@example.com", password=PASSWORD, is_staff=True)
    assert signed_in(operator).get("/operators").content == b"ok"
    assert signed_in(alice).get("/operators").status_code == 403
    assert Client().get("/operators")["Location"] == "/sign-in?next=/operators"


def test_someone_who_belongs_nowhere_is_refused(alice: User) -> None:
    """Signed in is not let in; nor is being staff."""
    for user in (
        create_user("bob@example.com", password=PASSWORD),
        create_user("op@example.com", password=PASSWORD, is_staff=True),
    ):
        assert signed_in(user).get("/names").status_code == 403


def test_a_session_that_names_another_company_is_refused(alice: User, lakeside: TenantId) -> None:
    """Membership is looked up each time; the session is only a wish."""
    client = signed_in(alice)
    choose_behind_its_back(client, lakeside)
    assert client.get("/names").status_code == 403
    assert client.get("/names").json()["tenant"] == "Rivertown Plumbing", "the wish is dropped"


def test_a_session_with_nonsense_for_a_company_is_refused(alice: User) -> None:
    """Not a server error."""
    client = signed_in(alice)
    choose_behind_its_back(client, "1 OR 1=1")
    assert client.get("/names").status_code == 400


def test_a_member_of_two_companies_chooses(
    alice: User, rivertown: TenantId, lakeside: TenantId
) -> None:
    """The first by name until then."""
    with as_tenant(lakeside):
        add_member(alice, role="viewer")
    client = signed_in(alice)
    assert client.get("/names").json()["tenant"] == "Lakeside Clinic"
    assert client.get(f"/choose/{rivertown}").status_code == 200
    assert client.get("/names").json() == {
        "keys": ["of rivertown"],
        "role": "admin",
        "tenant": "Rivertown Plumbing",
    }


def test_a_company_that_is_not_ones_own_cannot_be_chosen(alice: User, lakeside: TenantId) -> None:
    """Nor can one that does not exist; the answer is the same."""
    client = signed_in(alice)
    for tenant_id in (lakeside, "00000000-0000-7000-8000-000000000000"):
        answer = client.get(f"/choose/{tenant_id}")
        assert (answer.status_code, answer.content) == (
            403,
            b"you are not a member of this company",
        )


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 200), ("builder", 403), ("reviewer", 403), ("viewer", 403)]
)
def test_a_page_for_admins_is_for_admins(
    role: str, status: int, alice: User, rivertown: TenantId
) -> None:
    """By the role that the membership has now."""
    with as_tenant(rivertown):
        add_member(alice, role=role)
    assert signed_in(alice).get("/admins").status_code == status


def test_a_role_that_does_not_exist_is_refused(alice: User, rivertown: TenantId) -> None:
    """Before anything is written."""
    with as_tenant(rivertown), pytest.raises(BadInput, match="expected one of owner"):
        add_member(alice, role="emperor")


def test_a_removed_member_is_out_with_the_next_request(alice: User, rivertown: TenantId) -> None:
    """The session does not keep them in."""
    client = signed_in(alice)
    assert client.get("/names").status_code == 200
    with as_tenant(rivertown):
        Member.objects.all().delete()
    assert client.get("/names").status_code == 403


def test_a_template_renders_inside_the_tenant(alice: User) -> None:
    """Its queries run after the view has returned."""
    assert signed_in(alice).get("/template").content == b"of rivertown"


def test_a_stream_does_not_inherit_the_tenant(alice: User) -> None:
    """It has to bind for itself."""
    answer = signed_in(alice).get("/stream")
    with pytest.raises(ProgrammingError, match="no tenant is bound"):
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("how", "status"), [("missing", 404), ("refused", 403), ("wrong", 400), ("broken", 500)]
)
def test_a_view_that_fails_leaves_nothing(
    how: str, status: int, alice: User, rivertown: TenantId
) -> None:
    """Each error has its status, and each is rolled back."""
    assert signed_in(alice).get(f"/fail/{how}").status_code == status
    with as_tenant(rivertown):
        assert [key.name for key in ApiKey.objects.all()] == ["of rivertown"]


def test_an_asynchronous_view_is_refused_when_it_is_declared() -> None:
    """It would run outside the transaction that it believes to be in."""

    async def view(request: object) -> None: ...

    with pytest.raises(TypeError, match="synchronous"):
        tenant_view(Permission.CALLS_READ)(view)  # type: ignore[arg-type]
