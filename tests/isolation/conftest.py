"""The two companies of the tenants' tests, and the database as the app role has it."""

from tests.tenants.conftest import app_session, lakeside, rivertown  # noqa: F401  fixtures
