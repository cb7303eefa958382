"""Every operation of the API, with another company's ids wherever an id may stand.

In the path, the query and the body, however deep: the answer is the one for an id that never was.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import settings as profiles

from tenants.actions import create_api_key
from tenants.api.document.examples import example
from tenants.api.document.views import document
from tenants.api.views import METHODS
from tenants.context import as_tenant
from tests.tenants.postgres.planting import planted
from tests.tenants.test_doors import TABLES
from warmline.kernel.ids import TenantId

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("empty_valkey"),
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning"),
]
UNKNOWN = UUID("00000000-0000-7000-8000-000000000000")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# `--hypothesis-profile nightly --timeout 0` sends 100,000 requests.
ROUNDS = 500 if profiles.get_current_profile_name() == "nightly" else 1


def operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Method, path and description of each."""
    for path, methods in document()["paths"].items():
        for method in METHODS:
            if method in methods:
                yield method, path, methods[method]


def asked(
    path: str, described: Mapping[str, Any], ids: Mapping[str, UUID], *, any_id: UUID
) -> tuple[str, str]:
    """The address and the body with these ids wherever one may stand."""
    address = re.sub(r"{(\w+)}", lambda part: str(ids.get(part[1], any_id)), path)
    query = [
        f"{parameter['name']}={ids.get(parameter['name'], any_id)}"
        for parameter in described.get("parameters", [])
        if parameter.get("in") == "query" and parameter["schema"].get("format") == "uuid"
    ]
    content = described.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return f"{address}?{'&'.join(query)}", ""
    body = example(content["schema"], components=document()["components"])
    return f"{address}?{'&'.join(query)}", _UUID.sub(str(any_id), json.dumps(body))


@pytest.fixture
def companies(rivertown: TenantId, lakeside: TenantId) -> tuple[TenantId, TenantId]:
    """One that asks, and one that is asked for."""
    return rivertown, lakeside


def test_another_companys_ids_are_answered_as_none(
    companies: tuple[TenantId, TenantId], settings: Any
) -> None:
    """By every operation; one that takes no id at all shows nothing of theirs."""
    settings.API_LIMITS = False
    own, other = companies
    draw = random.Random(1)
    with planted(companies) as rows:
        foreign = {part: rows[table][other] for part, table in TABLES.items()}
        theirs = {str(row[other]) for row in rows.values()}
        for _ in range(ROUNDS):
            for method, path, described in operations():
                # Its own key: one of the operations may end the key that it comes with.
                with as_tenant(own):
                    key = create_api_key("probe").secret
                any_id = draw.choice(list(foreign.values()))
                request = asked(path, described, foreign, any_id=any_id)
                status, told = answered(method, *request, key=key)
                leaked = (theirs & set(_UUID.findall(told))) - set(_UUID.findall("".join(request)))
                assert not leaked, (method, path, leaked)
                if "{" not in path:
                    continue
                unknown = answered(method, *asked(path, described, {}, any_id=UNKNOWN), key=key)
                assert (status, _UUID.sub("ID", told)) == (
                    unknown[0],
                    _UUID.sub("ID", unknown[1]),
                ), (method, path)
                assert status in {400, 403, 404, 409, 422}, (method, path, told)


def answered(method: str, address: str, body: str, *, key: str) -> tuple[int, str]:
    """The status and all that an answer tells; a stream's rows are asked for elsewhere."""
    headers = {"authorization": f"Bearer {key}", "x-request-id": "probe"}
    ask = getattr(Client(headers=headers, raise_request_exception=False), method)
    if method == "get":
        answer: Any = ask(address)
    else:
        answer = ask(address, body, content_type="application/json")
    return answer.status_code, "" if answer.streaming else answer.content.decode(errors="replace")
