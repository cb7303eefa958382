"""The API does what its document says, whatever is sent to it."""

import logging
from typing import Any

import pytest
from hypothesis import settings as profiles
from schemathesis.core.failures import FailureGroup

from tenants.actions import create_api_key
from tenants.context import as_tenant
from tests.house.test_query_budgets import FEW, Installation
from tests.shadow.conftest import plumber  # noqa: F401  fixture
from tests.tenants.api.conformance import hold, operations
from warmline.kernel.ids import TenantId

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("empty_valkey"),
    # Exports are asynchronous, and the test's server is not.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning"),
    # Schemathesis' own: it draws by `random` inside its strategies.
    pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies"),
]
# `--hypothesis-profile nightly --timeout 0` asks a thousand times for each operation.
CASES = 1000 if profiles.get_current_profile_name() == "nightly" else 3


def test_no_operation_answers_off_its_description(
    plumber: TenantId, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is asked as described and otherwise, with ids of the company's own and with any."""
    settings.API_LIMITS = False
    caplog.set_level(logging.CRITICAL)
    installation = Installation(plumber)
    installation.grow(FEW)
    failures = []
    for operation in operations():
        # Its own key: one of the operations may end the key that it comes with.
        with as_tenant(plumber):
            secret = create_api_key("schemathesis").secret
        try:
            hold(operation, secret=secret, cases=CASES, ids=installation.ids)
        except FailureGroup as group:
            failures += [f"{operation.label}: {error}" for error in group.exceptions]
        except Exception as error:  # noqa: BLE001  of the application: told with the others
            failures.append(f"{operation.label}: {error!r}")
    assert failures == [], "\n\n".join(failures)
