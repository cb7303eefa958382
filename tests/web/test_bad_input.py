"""Every address with everything that is wrong: a refusal or an answer, never a 500."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client

from shadow.actions import score_call
from telephony.carriers import registry
from tenants.actions import add_member, create_api_key, create_user
from tenants.call_tokens import issue
from tenants.context import as_tenant
from tenants.web import SESSION_TENANT
from tests.database import KeptRows, committed_for_real
from tests.shadow.conftest import CONVERSATION, open_plumber, shadowed_call
from tests.telephony.conftest import Carrier, ringing
from tests.tenants.test_doors import PUBLIC, ROUTES, filled
from warmline.kernel.ids import CallId

pytestmark = pytest.mark.usefixtures("empty_valkey", "warm_regions")

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# A NUL, a lone surrogate, bytes that are no UTF-8, a direction mark, a number without end.
TEXTS = ("\0", "a\0b", "\ud800", "\udcff", "\u202e", "9" * 400, "-1", "x" * 20_000, "%", "{}", "'")
QUERIES = (
    *(
        f"{name}={text}"
        for name in ("cursor", "page_size", "since", "part")
        for text in ("%00", "%ff", "%ed%a0%80", "9" * 400, "-1", "x" * 5000)
    ),
    "next=%00&state=%00&format=%00",
    "&".join(f"a{number}=" for number in range(2000)),
)
BODIES: dict[str, tuple[str, bytes]] = {
    "deep lists": (JSON, b"[" * 30_000),
    "deep objects": (JSON, b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    "deep arguments": (
        JSON,
        b'{"tool_call_id":"1","arguments":{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}}",
    ),
    "no UTF-8": (JSON, b'{"query":"\xff\xfe"}'),
    "a lone surrogate": (JSON, b'{"query":"\\ud800","tool_call_id":"\\ud800","arguments":{}}'),
    "NUL": (JSON, b'{"query":"a\\u0000","tool_call_id":"\\u0000","arguments":{"a":"\\u0000"}}'),
    "a number without end": (JSON, b'{"k":' + b"9" * 5000 + b"}"),
    "NaN": (JSON, b'{"k":NaN}'),
    "nothing": (JSON, b""),
    "null": (JSON, b"null"),
    "another kind": (JSON, b'"text"'),
    "UTF-16": (JSON, '{"query":"a"}'.encode("utf-16")),
    "a form's NUL": (FORM, b"username=a%00b&password=%00&choice=%00&note=a%00b&next=%00"),
    "a form's bytes": (FORM, b"username=%ff%fe&password=\xff\xfe&choice=agree&note=%ed%a0%80"),
    "a form's coding": (f"{FORM}; charset=utf-7", b"choice=agree&note=+AAA-"),
    "a form in UTF-16": (f"{FORM}; charset=utf-16", "choice=agree".encode("utf-16")),
    "a coding that is none": (f"{FORM}; charset=../x", b"choice=agree"),
    "many fields": (FORM, b"a=&" * 3000),
    "a long note": (FORM, b"choice=agree&note=" + b"n" * 60_000),
    "a choice that is none": (FORM, b"choice=" + b"c" * 500),
    "multipart without boundary": ("multipart/form-data", b"--x\r\n"),
    "multipart without end": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: f"),
    "multipart with a bad file": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="../\0"\r\n\r\na\r\n--x--',
    ),
    "a boundary without end": (f"multipart/form-data; boundary={'x' * 3000}", b"a"),
    "a kind that is none": ("/;;=", b"a"),
    "no recording": ("audio/wav", b"RIFF" + b"\0" * 40),
}
HEADERS: dict[str, dict[str, str]] = {
    "authorization": {"Authorization": "Bearer \xff\xfe"},
    "a key": {"Authorization": "Bearer wl_\xff_\0"},
    "a scheme alone": {"Authorization": "Bearer"},
    "basic": {"Authorization": "Basic \xff"},
    "accept": {"Accept": ";;q=x,*/\xff"},
    "a version": {"Accept": "application/json; version=\xff"},
    "languages": {"Accept-Language": "x" * 5000},
    "range": {"Range": "bytes=99999999999999999999-"},
    "since": {"If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT"},
    "a tag": {"If-None-Match": '"' * 100},
    "host": {"Host": "a b\0"},
    "host's port": {"Host": "localhost:99999999999"},
    "forwarded": {"X-Forwarded-For": "\xff", "X-Forwarded-Host": "\0"},
    "referer": {"Referer": "http://["},
    "origin": {"Origin": "http://["},
    "csrf": {"X-CSRFToken": "\xff" * 64},
    "signature": {"X-Twilio-Signature": "\xff" * 28},
}
# Control characters hidden in a cookie are refused at the door: tests/web/test_requests.py.
COOKIES = (
    "sessionid=" + "\xff" * 32,
    "sessionid=" + "x" * 5000,
    "sessionid='; DROP TABLE django_session; --",
    'csrftoken="\\000"; messages="\\377"',
    "messages=" + "x" * 3000,
    "warmline_browser=a:b:c",
    "=;=;;;=",
)


@pytest.fixture(autouse=True)
def _mail_is_sent(settings: Any) -> None:
    """Without it the sign-up says that it is closed, and takes nothing."""
    settings.SENDS_MAIL = True


@dataclass(frozen=True, slots=True)
class Company:
    """The plumber's, and whoever may be asking: nobody, and those whom addresses are for."""

    ids: dict[str, UUID | str]
    clients: dict[str, Client]
    rows: KeptRows


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any, valkey_server: str) -> Iterator[Company]:
    """Made once: it takes longer than what is asked of an address."""
    with django_db_blocker.unblock(), committed_for_real():
        tenant_id = open_plumber()
        call_id = shadowed_call(tenant_id, CONVERSATION)
        member = create_user("member@example.com", password="a long enough one")
        operator = create_user("operator@example.com", password="a long enough one", is_staff=True)
        with as_tenant(tenant_id):
            run_id = score_call(call_id)
            add_member(member, role="admin")
            key = create_api_key("test").secret
        token = issue(CallId(str(call_id)), tenant_id, ["book_visit"], "k", 3600)
        clients = {name: Client() for name in ("nobody", "member", "operator")}
        for name, user in (("member", member), ("operator", operator)):
            clients[name].force_login(user)
        session = clients["member"].session
        session[SESSION_TENANT] = tenant_id
        session.save()
        for name, bearer in (("key", key), ("call", token)):
            clients[name] = Client(headers={"authorization": f"Bearer {bearer}"})
        ids: dict[str, UUID | str] = {"call_id": call_id, "run_id": run_id}
        rows = KeptRows()
        yield Company(ids | {"name": "book_visit", "epoch": "1"}, clients, rows)
        rows.forget()


@pytest.fixture
def ids(company: Company) -> dict[str, UUID | str]:
    """A call of the plumber's with its run, and a tool."""
    return company.ids


# Whom an address is for, beside nobody.
AUDIENCES = {"api/": "key", "internal/": "call", "pools/": "operator"}
# What is asked of nobody at any other address ends at one of two doors: a page's or the API's.
OPEN = (*(f"{carrier}/" for carrier in registry.names()), "internal/")
DOORS = ("calls/", "api/v1/calls")


@pytest.fixture
def clients(route: str, company: Company, django_db_blocker: Any) -> Iterator[dict[str, Client]]:
    """Whoever may be asking at that address, in the company as it was made."""
    for_whom = [name for prefix, name in AUDIENCES.items() if route.startswith(prefix)]
    names = for_whom or ["member"]
    if route in PUBLIC or route in DOORS or route.startswith(OPEN):
        names.append("nobody")
    with django_db_blocker.unblock():
        company.rows.put_back()
        yield {name: _like(company.clients[name]) for name in names}
        connections.close_all()


def _like(client: Client) -> Client:
    """One that comes with the same credential, whatever became of the other's."""
    made = Client(raise_request_exception=False)
    made.defaults, made.cookies = dict(client.defaults), copy.deepcopy(client.cookies)
    return made


def broken(answers: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [answer for answer in answers if answer[-1] >= 500]


@pytest.mark.parametrize("route", ROUTES)
def test_no_query_breaks_an_address(
    route: str, ids: dict[str, UUID | str], clients: dict[str, Client]
) -> None:
    """By whoever asks."""
    path = filled(route, ids)
    answers = [
        (name, query[:40], client.get(f"{path}?{query}").status_code)
        for name, client in clients.items()
        for query in QUERIES
    ]
    assert broken(answers) == []


@pytest.mark.parametrize("route", ROUTES)
def test_no_body_breaks_an_address(
    route: str, ids: dict[str, UUID | str], clients: dict[str, Client]
) -> None:
    """By whoever sends it, with whatever verb."""
    path = filled(route, ids)
    answers: list[tuple[Any, ...]] = []
    for (name, client), method in product(clients.items(), ("post", "put")):
        for what, (kind, body) in BODIES.items():
            answer = client.generic(method.upper(), path, body, content_type=kind)
            answers.append((name, method, what, answer.status_code))
    assert broken(answers) == []


@pytest.mark.parametrize("route", ROUTES)
def test_no_header_and_no_cookie_breaks_an_address(
    route: str, ids: dict[str, UUID | str], clients: dict[str, Client]
) -> None:
    """Whatever a client says of itself."""
    path = filled(route, ids)
    answers: list[tuple[Any, ...]] = []
    for (name, client), method in product(clients.items(), ("get", "post")):
        for what, headers in HEADERS.items():
            answer = getattr(client, method)(path, headers=headers)
            answers.append((name, method, what, answer.status_code))
    for cookie in COOKIES:
        answer = Client(raise_request_exception=False).get(path, HTTP_COOKIE=cookie)
        answers.append(("nobody", cookie, answer.status_code))
    assert broken(answers) == []


@pytest.mark.parametrize("route", [route for route in ROUTES if "<" in route])
def test_no_part_of_a_path_breaks_an_address(
    route: str, ids: dict[str, UUID | str], clients: dict[str, Client]
) -> None:
    """A name that is none, of whatever characters."""
    parts = ("%00", "%ff", "%ed%a0%80", "..", "%2e%2e%2f", "x" * 3000, "%F0%9F%98%80", "9" * 400)
    answers: list[tuple[Any, ...]] = []
    for part in parts:
        path = filled(route, dict.fromkeys(("call_id", "run_id", "name", "epoch"), part))
        named = filled(route, {**ids, "name": part, "epoch": part})
        for (name, client), method in product(clients.items(), ("get", "post", "put")):
            for address in (path, named):
                answers.append((name, address[:60], getattr(client, method)(address).status_code))
    assert broken(answers) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["voice", "status", "resume", "dialed"])
def test_no_field_of_a_signed_webhook_breaks_it(path: str, carrier: Carrier) -> None:
    """A carrier passes on what a caller's network says."""
    carrier.client.raise_request_exception = False
    fields = {**ringing(), "DialCallStatus": "", "SequenceNumber": "1", "Timestamp": "x"}
    answers: list[tuple[Any, ...]] = []
    for field, text in product(fields, TEXTS):
        if text.encode(errors="replace") != text.encode(errors="surrogatepass"):
            continue  # a form cannot hold it
        form = {**fields, field: text}
        answers.append((field, text[:20], carrier.post(f"/twilio/{path}", form)[0]))
    assert broken(answers) == []


@pytest.mark.django_db
def test_no_signed_form_breaks_a_webhook(carrier: Carrier) -> None:
    """Nor what is no form at all."""
    carrier.client.raise_request_exception = False
    for what, (kind, body) in BODIES.items():
        for path in ("voice", "status", "resume", "dialed"):
            sent = {"Content-Type": kind, "X-Twilio-Signature": "x" * 27 + "="}
            status, _ = carrier.send(f"/twilio/{path}", body.decode("latin-1"), sent)
            assert status < 500, (path, what)
    assert carrier.post("/twilio/voice", ringing())[0] == 200
