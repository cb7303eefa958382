"""The operator's commands do their work as the right role and say what is wrong in a sentence."""

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tenants.actions import create_tenant
from tenants.context import as_tenant
from tenants.lint.rehearsal import expectation
from tenants.models import User
from tenants.queries import memberships, tenant, warm_classes
from tests import services
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("alias", ["default", "control"])
def test_only_the_owner_migrates(alias: str) -> None:
    """The others could not, and are told so before they try."""
    with pytest.raises(CommandError, match="only `owner` may migrate"):
        call_command("migrate", database=alias)


def test_the_owners_url_is_the_owners(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another role's would leave tables that nobody may change."""
    monkeypatch.setitem(settings.DATABASES["owner"], "USER", "postgres")
    with pytest.raises(CommandError, match="expected the user warmline_owner"):
        call_command("migrate")


def test_migrations_are_up_to_date_with_the_models() -> None:
    """No model was changed without its migration."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_check_isolation_passes_on_the_migrated_database(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As control, which can read every catalogue."""
    call_command("check_isolation")
    assert "rules hold" in capsys.readouterr().out


def test_check_isolation_names_what_is_wrong(
    superuser: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table, what it is and what it should be; the command fails."""
    superuser.execute("ALTER TABLE tenants_apikey NO FORCE ROW LEVEL SECURITY")
    try:
        with pytest.raises(CommandError, match="1 findings"):
            call_command("check_isolation")
    finally:
        superuser.execute("ALTER TABLE tenants_apikey FORCE ROW LEVEL SECURITY")
    assert (
        "table public.tenants_apikey: its forced row-level security is False, expected True"
        in capsys.readouterr().out
    )


def test_check_isolation_says_when_the_migrations_cannot_be_rehearsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the owner's credential, as in a process that serves requests."""
    expectation.cache_clear()
    app = settings.DATABASES["default"]
    for name in ("USER", "PASSWORD"):
        monkeypatch.setitem(settings.DATABASES["owner"], name, app[name])
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL is needed"):
        call_command("check_isolation")


def test_bootstrap_roles_creates_what_the_urls_name(capsys: pytest.CaptureFixture[str]) -> None:
    """On a server of one's own; here it is there already."""
    call_command("bootstrap_roles", superuser_dsn=services.superuser_dsn)
    assert services.DATABASE in capsys.readouterr().out


def test_bootstrap_roles_takes_three_urls_of_one_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its own role."""
    monkeypatch.setitem(settings.DATABASES["control"], "USER", "warmline_app")
    with pytest.raises(CommandError, match="'control': expected user warmline_control"):
        call_command("bootstrap_roles", superuser_dsn=services.superuser_dsn)


def test_bootstrap_roles_says_when_the_server_is_away() -> None:
    """In a sentence."""
    with pytest.raises(CommandError, match="did not answer"):
        call_command("bootstrap_roles", superuser_dsn="host=/nowhere dbname=postgres")


def test_an_operator_is_made_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's own command; the account is staff and belongs to no company."""
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long enough one")
    call_command("createsuperuser", interactive=False, email="Op@Example.com", verbosity=0)
    operator = User.objects.get(email="op@example.com")
    assert operator.is_staff
    assert memberships(operator.pk) == ()


def test_the_operator_sets_a_tenants_limits(
    rivertown: TenantId, capsys: pytest.CaptureFixture[str]
) -> None:
    """One flag changes one limit."""
    call_command("change_company", "rivertown", "--call-weight", "3")
    assert "call_weight: 3\n" in capsys.readouterr().out
    with as_tenant(rivertown):
        assert (tenant().call_weight, tenant().max_concurrent_calls) == (3, 20)


def test_the_classes_of_companies_are_known_by_their_residency(
    rivertown: TenantId, lakeside: TenantId
) -> None:
    """The largest of each; those served anywhere are under no zone, and nobody is named."""
    assert warm_classes() == {"": 0}
    create_tenant("lakeside", name="Lakeside Clinic", vertical="healthcare", residency="eu")
    call_command("change_company", "rivertown", "--warm-replicas", "1")
    call_command("change_company", "lakeside", "--warm-replicas", "3")
    assert warm_classes() == {"": 1, "eu": 3}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("rivertown", "--warm-replicas", "-1"),
            "-1 warm replicas: expected a whole number from 0 to 100",
        ),
        (
            ("rivertown", "--warm-replicas", "101"),
            "101 warm replicas: expected a whole number from 0 to 100",
        ),
        (
            ("rivertown", "--call-weight", "11"),
            "call weight 11: expected a whole number from 1 to 10",
        ),
        (("rivertown", "--max-concurrent-calls", "-1"), "-1 calls at once: expected 0 or more"),
        (("rivertown",), "nothing to change"),
        (("nowhere", "--call-weight", "3"), "no tenant has the slug 'nowhere'"),
    ],
)
def test_limits_that_cannot_be_are_refused(
    rivertown: TenantId, arguments: tuple[str, ...], says: str
) -> None:
    """In a sentence, and nothing is changed."""
    with pytest.raises(CommandError, match=says):
        call_command("change_company", *arguments)
    with as_tenant(rivertown):
        assert (tenant().call_weight, tenant().max_concurrent_calls) == (1, 20)
