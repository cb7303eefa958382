"""The API held against its own document by schemathesis: no 500, no answer off the schema."""

import copy
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
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

from agents.editing.actions import save_draft, shadow_draft
from agents.editing.queries import agents
from agents.types import Wording
from rag.collection_actions import create_collection
from rag.models import Revision
from telephony.numbers import accounts
from telephony.numbers.ownership import add_own_number
from telephony.numbers.ringing import ring
from tenants.actions import create_api_key
from tenants.api.document.finishing import whole_answers
from tenants.api.document.views import document
from tenants.context import as_tenant, bound
from tests.database import KeptRows
from tests.fakes.twilio_api.server import TwilioApi
from tests.house.test_query_budgets import FEW, Installation
from tests.telephony.numbers.conftest import (
    FREE,
    OTHER_SID,
    OTHER_TOKEN,
    OWN_NUMBER,
    OWN_SID,
    OWN_TOKEN,
)
from warmline.kernel import clock
from warmline.kernel.errors import Unavailable
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
# In a body these are the carrier's own.
ELSEWHERE = {"account_id", "key_id", "number"}
THIRD_SID = "AC" + "c" * 32
OWN_TELEPHONE = "+12125550149"
NOW = clock.now()
SOUND: dict[str, dict[str, Any]] = {
    "PATCH /api/v1/agents/{agent_id}/draft": {"wording": {"greeting": "Hello, Rivertown."}},
    "POST /api/v1/agents/{agent_id}/publish": {"note": "Shorter"},
    "POST /api/v1/agents/{agent_id}/shadow": {"note": "Shorter"},
    "POST /api/v1/agents/{agent_id}/revert": {"number": 1},
    # The Wednesday after next at ten in New York.
    "POST /api/v1/bookings/{booking_id}/reschedule": {
        "starts_at": (NOW + timedelta(days=16 - NOW.isoweekday())).strftime("%Y-%m-%dT15:00:00Z")
    },
    "PUT /api/v1/business-hours": {"hours": [{"days": [0], "begins": "08:00", "ends": "18:00"}]},
    "POST /api/v1/carrier-accounts": {"account_id": THIRD_SID, "auth_token": OWN_TOKEN},
    "POST /api/v1/carrier-accounts/{account_id}/rotate": {"auth_token": OTHER_TOKEN},
    "PATCH /api/v1/company": {"name": "Rivertown"},
    "POST /api/v1/erasures": {"number": "+12125550147"},
    "POST /api/v1/invitations": {"email": "ada@example.com", "role": "viewer"},
    "POST /api/v1/keys": {"name": "Front desk", "scopes": ["calls.read"]},
    "POST /api/v1/keys/{key_id}/rotate": {"overlap_hours": 24},
    "POST /api/v1/knowledge/documents": {"title": "Hours", "text": "Open from 8 to 18."},
    "PUT /api/v1/knowledge/documents/{document_id}/content": {"text": "Open from 8 to 18."},
    "POST /api/v1/knowledge/search": {"question": "When are you open?"},
    "PATCH /api/v1/members/{member_id}": {"role": "builder"},
    "POST /api/v1/numbers": {"e164": FREE, "carrier_account_id": "", "buy": True},
    "PATCH /api/v1/numbers/{number_id}": {"outside": "closed"},
    "POST /api/v1/shadow-runs/{run_id}/verdict": {"reviewer": "", "choice": "agree"},
    "POST /api/v1/webhooks/{endpoint_id}/replay": {
        "since": (NOW - timedelta(hours=1)).isoformat(),
        "until": (NOW + timedelta(hours=1)).isoformat(),
    },
}
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
        self.tenant_id = tenant_id
        with as_tenant(tenant_id):
            # Another than the one in `ids`, which some requests revoke.
            self.secret = create_api_key("schemathesis").secret
            self.ids = installation.ids | {
                "agent_id": agents()[-1].id,  # the oldest, which has versions to go back to
                "collection_id": create_collection("Empty"),
                "reviewer": installation.users["member"].pk,
            }
            shadow_draft(self.ids["agent_id"])
            save_draft(self.ids["agent_id"], wording=Wording(greeting="Hello, and welcome."))
            Revision.objects.filter(document_id=self.ids["document_id"]).update(state="failed")
        with bound(tenant_id):
            with_number = accounts.connect_account(OWN_SID, auth_token=OWN_TOKEN).pk
            without = accounts.connect_account(OTHER_SID, auth_token=OTHER_TOKEN).pk
            number = add_own_number(OWN_NUMBER, account_id=with_number)
        self.ids |= {
            "account_id": without,
            "carrier_account_id": with_number,
            "number_id": number.pk,
        }
        twilio.add_account(THIRD_SID, token=OWN_TOKEN)
        twilio.verified[OWN_SID] = [OWN_TELEPHONE]
        self._twilio = twilio
        self._twilios = copy.deepcopy((twilio.accounts, twilio.numbers))
        self._rows = KeptRows()

    def ring(self) -> None:
        """A test call to its number, which is known of for a quarter of an hour."""
        with bound(self.tenant_id), suppress(Unavailable):  # an earlier one goes on
            ring(self.ids["number_id"])

    def undo(self) -> None:
        """All that was done to it since it was made."""
        self._rows.put_back()
        self._twilio.accounts, self._twilio.numbers = copy.deepcopy(self._twilios)

    def close(self) -> None:
        """Keep its rows no longer: the database's own tests find tables of theirs alone."""
        self._rows.forget()


def hold(operation: Any, company: Company, *, cases: int, number: int = 0) -> Held:
    """Ask so many times, half of it as described and half not.

    Half of them name the company's own things, come with the ETag that an edit is compared with,
    and say what the document's example says but for a field or three. What one has done is undone,
    so that all meet the same company.
    """
    held = Held(operation.label)
    if operation.label == "GET /api/v1/numbers/{number_id}/test-call":
        company.ring()
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
    """A body that does what the operation is for: the document's example, where that goes with
    whatever a company has.
    """
    if operation.label in SOUND:
        return SOUND[operation.label]
    contents = operation.definition.raw.get("requestBody", {}).get("content", {})
    example = contents.get("application/json", {}).get("example", {})
    return example if isinstance(example, dict) else {}


def _name_own(case: Any, ids: dict[str, Any]) -> None:
    """The company's own ids wherever the request names one; a part that is no id stays."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            named = part.keys() & ids.keys() - (ELSEWHERE if part is case.body else set())
            part |= {name: str(ids[name]) for name in named if isinstance(part[name], str | int)}


def _etag(case: Any, headers: dict[str, str]) -> str | None:
    """That of what the request would change, as it is now."""
    path: str = case.formatted_path
    return Client(headers=headers).get(path).headers.get("ETag")
