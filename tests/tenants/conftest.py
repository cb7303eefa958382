"""Two companies that must never meet, and the database seen by each role."""

from collections.abc import Iterator

import psycopg
import pytest
from pytest_django import Settings

from tenants.actions import create_tenant
from tests import services
from warmline.kernel.ids import TenantId


@pytest.fixture(autouse=True)
def _mail_can_be_sent(settings: Settings) -> None:
    """Whether or not this machine could."""
    settings.SENDS_MAIL = True


@pytest.fixture
def rivertown(db: None) -> TenantId:
    """A plumber."""
    return create_tenant("rivertown", name="Rivertown Plumbing", vertical="homeservices").tenant_id


@pytest.fixture
def lakeside(db: None) -> TenantId:
    """A clinic."""
    return create_tenant("lakeside", name="Lakeside Clinic", vertical="healthcare").tenant_id


@pytest.fixture
def undone(postgres_server: str, django_db_setup: None) -> Iterator[psycopg.Connection]:
    """The migrated database as its superuser, in one transaction that is rolled back at the end."""
    with psycopg.connect(postgres_server, dbname=services.DATABASE) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def app_session(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A bare session of the app role, as an attacker with its credential would have it."""
    with psycopg.connect(services.urls.app, autocommit=True) as connection:
        yield connection


@pytest.fixture
def control_session(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A bare session of the control role."""
    with psycopg.connect(services.urls.control, autocommit=True) as connection:
        yield connection
