"""The API held against its own document by schemathesis: no 500, no answer off the schema."""

from collections import Counter
from typing import Any

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tenants.api.document.finishing import whole_answers
from tenants.api.document.views import document

# A 500 is in no description; 503 is, and says what is away.
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


def operations() -> list[Any]:
    """Every operation of the document, called in this process, and held to whole answers."""
    schema: Any = schemathesis.openapi.from_dict(whole_answers(document()))
    schema.app = get_wsgi_application()
    return [result.ok() for result in schema.get_all_operations()]


def hold(
    operation: Any, *, secret: str, cases: int, ids: dict[str, Any], number: int = 0
) -> Counter[int]:
    """Ask so many times, half of it as described and half not; the statuses that came.

    Half of the ids are the company's own. An `AssertionError` or a group of failures says what was
    not as described, with the request.
    """
    statuses: Counter[int] = Counter()
    described, broken = (operation.as_strategy(mode) for mode in MODES)

    @seed(number)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(described, broken), own=st.booleans())
    def ask(case: Any, own: bool) -> None:
        if own:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = str(ids.get(name, case.path_parameters[name]))
        # The transport asks for gzip and does not read it.
        headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
        response = case.call(headers=headers)
        statuses[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    ask()
    return statuses
