"""The API held against its own document by schemathesis: no 500, no answer off the schema."""

import copy
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.signals import got_request_exception
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from telephony.numbers import accounts
from tenants.actions import create_api_key
from tenants.api.document.finishing import whole_answers
from tenants.api.document.views import document
from tenants.context import as_tenant, bound
from tests.database import KeptRows
from tests.fakes.twilio_api.server import TwilioApi
from tests.house.test_query_budgets import FEW, Installation
from tests.telephony.numbers.conftest import OWN_SID, OWN_TOKEN
from warmline.kernel.ids import TenantId

# A 500 is in no description; 503 is, and says what is away.
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Of one operation: the others are mostly the same again.
MOST_TOLD = 5
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


def operations() -> list[Any]:
    """Every operation of the document, called in this process, and held to whole answers."""
    schema: Any = schemathesis.openapi.from_dict(whole_answers(document()))
    schema.app = get_wsgi_application()
    return [result.ok() for result in schema.get_all_operations()]


@dataclass(frozen=True, slots=True)
class Held:
    """An operation, how often each status came, and what was off its description."""

    label: str
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many requests did what they asked for."""
        return sum(times for status, times in self.statuses.items() if status < 300)


class Company:
    """A company with a few of everything, its account at Twilio, and a key that may do all."""

    def __init__(self, tenant_id: TenantId, twilio: TwilioApi) -> None:
        installation = Installation(tenant_id)
        installation.grow(FEW)
        with bound(tenant_id):
            account = accounts.connect_account(OWN_SID, auth_token=OWN_TOKEN)
        # Another than the one in `ids`, which some requests revoke.
        with as_tenant(tenant_id):
            self.secret = create_api_key("schemathesis").secret
        self.ids = installation.ids | {"account_id": account.pk, "carrier_account_id": account.pk}
        self._twilio = twilio
        self._twilios = copy.deepcopy((twilio.accounts, twilio.numbers))
        self._rows = KeptRows()

    def undo(self) -> None:
        """All that was done to it since it was made."""
        self._rows.put_back()
        self._twilio.accounts, self._twilio.numbers = copy.deepcopy(self._twilios)


def hold(operation: Any, company: Company, *, cases: int, number: int = 0) -> Held:
    """Ask so many times, half of it as described and half not.

    Half of them name the company's own things, come with the ETag that an edit is compared with,
    and say what the document's example says but for a field or three. What one has done is undone,
    so that all meet the same company.
    """
    held = Held(operation.label)
    described, broken = (operation.as_strategy(mode) for mode in MODES)
    example = _example(operation)

    @seed(number)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(described, broken), own=st.booleans(), changed=st.integers(0, 3))
    def ask(case: Any, own: bool, changed: int) -> None:
        # The transport asks for gzip and does not read it.
        headers = {"Authorization": f"Bearer {company.secret}", "Accept-Encoding": "identity"}
        if own:
            if example and isinstance(case.body, dict):
                case.body = example | dict(list(case.body.items())[:changed])
            _name_own(case, company.ids)
            if "If-Match" in (case.headers or {}):
                headers["If-Match"] = _etag(case, headers) or case.headers["If-Match"]
        with _raised() as tracebacks:
            response = case.call(headers=headers)
        held.statuses[response.status_code] += 1
        if case.method != "GET" and response.status_code < 400:
            company.undo()
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            if len(held.failures) < MOST_TOLD:
                told = "\n".join((*map(str, group.exceptions), *tracebacks))
                held.failures.append(f"{held.label}: {told}\n{case.as_curl_command()}")

    ask()
    company.undo()
    return held


@contextmanager
def _raised() -> Iterator[list[str]]:
    """What becomes a 500 inside, told whole."""
    tracebacks: list[str] = []

    def keep(**_: Any) -> None:
        tracebacks.append(traceback.format_exc())

    got_request_exception.connect(keep)
    try:
        yield tracebacks
    finally:
        got_request_exception.disconnect(keep)


def _example(operation: Any) -> dict[str, Any]:
    """What the document gives as an example of the body, if it has one in JSON."""
    contents = operation.definition.raw.get("requestBody", {}).get("content", {})
    example = contents.get("application/json", {}).get("example", {})
    return example if isinstance(example, dict) else {}


def _name_own(case: Any, ids: dict[str, Any]) -> None:
    """The company's own ids wherever the request names one; a part that is no id stays."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            for name in part:
                if name in ids and isinstance(part[name], str | int):
                    part[name] = ids[name] if isinstance(ids[name], int) else str(ids[name])


def _etag(case: Any, headers: dict[str, str]) -> str | None:
    """That of what the request would change, as it is now."""
    path: str = case.formatted_path
    return Client(headers=headers).get(path).headers.get("ETag")
