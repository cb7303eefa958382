"""The API does what its document says, whatever is sent to it."""

import logging
from contextlib import closing
from typing import Any

import pytest

from tests.fakes.twilio_api.server import TwilioApi
from tests.shadow.conftest import plumber  # noqa: F401  fixture
from tests.telephony.numbers.conftest import twilio  # noqa: F401  fixture
from tests.tenants.api.conformance import Company, hold, operations
from warmline.kernel.ids import TenantId

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("empty_valkey", "chroma_server"),
    # Exports are asynchronous, and the test's server is not.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning"),
    # Schemathesis' own: it draws by `random` inside its strategies.
    pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies"),
]
# `python -m tests.bench.conformance` asks a thousand times for each operation.
CASES = 3


def test_no_operation_answers_off_its_description(
    plumber: TenantId, twilio: TwilioApi, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is asked as described and otherwise, with ids of the company's own and with any."""
    settings.API_LIMITS, settings.SENDS_MAIL = False, True
    caplog.set_level(logging.CRITICAL)
    with closing(Company(plumber, twilio)) as company:
        failures = [
            failure
            for operation in operations()
            for failure in hold(operation, company, cases=CASES).failures
        ]
    assert failures == [], "\n\n".join(failures)
