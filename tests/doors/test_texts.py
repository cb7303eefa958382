"""Whatever text comes through a door, it is taken, made to fit or refused in a sentence.

Never a 500, and never a database that is said to be away.
"""

import json
from io import StringIO
from urllib.parse import quote, urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client

from agents.actions import make_agent
from agents.models import Agent, ToolRun
from rag.actions import add_document
from rag.models import Document
from shadow.actions import score_call
from telephony.calls.actions import record_events
from telephony.calls.queries import stored_events
from telephony.models import Call
from tenants.actions import create_api_key, record_security_event, set_limits
from tenants.columns import BoundedModel
from tenants.context import as_tenant
from tenants.models import ApiKey, SecurityEvent, Tenant
from tests.agents.conftest import Calling, ask, calling
from tests.doors.strange_texts import STRANGE, of_length
from tests.shadow.conftest import SATURDAY, shadowed_call, signed_in
from verticals.homeservices.models import Visit
from warmline.kernel.call import CallerTurn, CallEvent
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import CallId, TenantId
from warmline.kernel.regions import RegionCode

pytestmark = pytest.mark.django_db
Operations = dict[str, dict[str, dict[str, list[dict[str, str]]]]]
# A form's halves of surrogate pairs arrive as U+FFFD: it is decoded so before anybody sees it.
UNFIT_FORM = {"nul", "escape", "c1", "limit + 1", "huge"}
UNFIT = {"nul", "escape", "c1", "surrogate"}
VISIT = {"service": "drain cleaning", "day": "tuesday", "time": "ten", "name": "john smith"}
BODIES: dict[str, str | bytes] = {
    "deep lists": "[" * 10_000 + "]" * 10_000,
    "deep objects": '{"a":' * 10_000 + "1" + "}" * 10_000,
    "deep within": '{"tool_call_id":"a","arguments":{"x":' + "[" * 10_000 + "]" * 10_000 + "}}",
    "huge integer": '{"tool_call_id":"a","arguments":{"day":1' + "0" * 5000 + "}}",
    "nan": '{"tool_call_id":"a","query":NaN,"arguments":{"day":NaN}}',
    "infinity": '{"tool_call_id":"a","query":1e999,"arguments":{"day":1e999}}',
    "twice": '{"tool_call_id":"a","tool_call_id":"b","query":"a","query":"b","region":"a",'
    '"region":"b","reason":"transferred","arguments":{}}',
    "lone surrogate": '{"tool_call_id":"\\ud800","query":"\\ud800","arguments":{}}',
    "wrong types": '{"tool_call_id":1,"query":[],"region":{},"arguments":"{}"}',
    "text": '"text"',
    "null": "null",
    "bom": '\ufeff{"tool_call_id":"a","query":"q","arguments":{}}',
    "two": "{}{}",
    "nothing": "",
    "utf-16": b"\xff\xfe{\x00}\x00",
    "encoded surrogate": b'{"tool_call_id":"\xed\xa0\x80","query":"\xed\xa0\x80"}',
    "zeros": b"\x00" * 9,
}


@pytest.fixture
def plumber(db: None) -> Calling:
    """Rivertown Plumbing, and a call of theirs that may do everything."""
    tools = ("book_visit", "check_status", "transfer_to_person")
    return calling("rivertown", vertical="homeservices", tools=tools)


@pytest.mark.parametrize("argument", [*VISIT, "address"])
def test_a_tools_argument_is_kept_or_the_model_is_told_why_not(
    plumber: Calling, argument: str
) -> None:
    """200 characters of a service are booked; with 201 the model reads how many there may be."""
    for kind, text in of_length(200).items():
        status, body = ask(plumber, "book_visit", VISIT | {argument: text}, tool_call_id=kind)
        assert status < 500, (kind, body)
        if status != 200:
            assert body["error"].startswith((f"{argument}: ", "body: "))
        elif argument in {"service", "name"} and kind == "limit + 1":
            assert body["result"]["status"] == "error"
            assert "at most 200 characters; this has 201" in body["result"]["why"]
        elif argument in {"service", "name"} and kind == "emoji":
            assert "ask" in body["result"]  # nothing of it can be said
        elif argument in {"service", "name"} and kind in {"limit", "right to left"}:
            assert body["result"]["status"] == "booked"
        with as_tenant(plumber.tenant_id):
            Visit.objects.all().delete()


def test_a_tool_calls_id_is_kept_or_refused(plumber: Calling) -> None:
    """As its column is long; it is what makes a repeat recognisable, so it is never cut."""
    for kind, text in of_length(100).items():
        status, body = ask(plumber, "check_status", {"reference": "1234"}, tool_call_id=text)
        assert status in {200, 400}, body
        assert (status == 200) == (0 < len(text) <= 100 and kind not in UNFIT), kind


@pytest.mark.parametrize("door", ["tools/check_status", "knowledge", "end"])
def test_a_body_that_no_decoder_agrees_on_is_a_400_with_a_sentence(
    plumber: Calling, door: str
) -> None:
    """Nested too deeply, a number too long, a name twice, half a character, the wrong type."""
    for kind, body in BODIES.items():
        answer = Client().post(
            f"/internal/calls/{plumber.call_id}/{door}",
            data=body if isinstance(body, bytes) else body.encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {plumber.token}"},
        )
        assert answer.status_code == 400, kind
        assert answer.json()["error"].startswith("body: ")


def test_every_parameter_of_every_operation_of_the_api_takes_any_text(plumber: Calling) -> None:
    """As the published document lists them, so that a new one is among them."""
    with as_tenant(plumber.tenant_id):
        headers = {"Authorization": f"Bearer {create_api_key('test').secret}"}
    client = Client(raise_request_exception=False)
    asked = 0
    for path, operations in _operations().items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                asked += 1
                for text in of_length(400).values():
                    sent = quote(text, safe="", errors="surrogatepass")
                    url = f"{path}?{parameter['name']}={sent}"
                    if parameter["in"] == "path":
                        url = path.replace("{" + parameter["name"] + "}", sent)
                    answer = client.get(url, headers=headers)
                    assert answer.status_code < 500, (url[:200], answer.content[:300])
    assert asked >= 5


def _operations() -> Operations:
    response = Client().get("/api/v1/openapi.json", headers={"Accept": "application/json"})
    document = json.loads(response.content)
    paths: Operations = document["paths"]
    # What many share, as Idempotency-Key, is described once and referred to.
    shared = document["components"].get("parameters", {})
    for operations in paths.values():
        for operation in operations.values():
            operation["parameters"] = [
                shared[entry["$ref"].rpartition("/")[2]] if "$ref" in entry else entry
                for entry in operation.get("parameters", [])
            ]
    return paths


def test_a_forms_fields_are_kept_or_refused_in_a_sentence(plumber: Calling) -> None:
    """A verdict's choice and note, a list's cursor and part, the sign-in."""
    with as_tenant(plumber.tenant_id):
        run_id = score_call(shadowed_call(plumber.tenant_id))
    browser = signed_in(plumber.tenant_id, role="reviewer")
    browser.raise_request_exception = False

    def posted(path: str, fields: str) -> int:
        kind = "application/x-www-form-urlencoded"
        return browser.post(path, data=fields, content_type=kind).status_code

    for kind, text in of_length(2000).items():
        sent = quote(text, safe="", errors="surrogatepass")
        noted = posted(f"/shadow/{run_id}/verdict", f"choice=agree&note={sent}")
        assert (noted == 302) == (kind not in UNFIT_FORM), kind
        assert posted(f"/shadow/{run_id}/verdict", f"choice={sent}&note=") == 400
        assert browser.get(f"/calls/?cursor={sent}&part={sent}").status_code < 500
        assert browser.get(f"/sign-in?next={sent}").status_code < 500
        if kind in {"nul", "surrogate", "huge"}:  # each is a password's hash
            assert posted("/sign-in", f"username={sent}&password=a&next={sent}") < 500


def test_what_callers_and_agents_say_is_recorded(plumber: Calling) -> None:
    """An event's words are kept but for what no page could show; none is parked."""
    for kind, words in STRANGE.items():
        call_id = shadowed_call(plumber.tenant_id)
        event = CallEvent(
            CallId(str(call_id)),
            TenantId(plumber.tenant_id),
            RegionCode("us-east"),
            epoch=7,
            number=1,
            at=SATURDAY,
            at_ms=1.0,
            happening=CallerTurn(1, words, 0.0, 1.0, "caller"),
        )
        with as_tenant(plumber.tenant_id):
            record_events(call_id, [event])
            (kept,) = (row for row in stored_events(call_id) if row.epoch == 7)
        assert not {"\x00", "\ud800"} & set(kept.payload["text"])
        if kind in {"emoji", "right to left", "lines", "huge"}:
            assert kept.payload["text"] == words


def test_what_a_person_names_is_kept_or_refused_by_its_columns_limit(plumber: Calling) -> None:
    """Keys, agents, documents: a sentence with the limit, and nothing is written."""
    with as_tenant(plumber.tenant_id):
        for limit, name, model in ((100, create_api_key, ApiKey), (60, make_agent, Agent)):
            for kind, text in of_length(limit).items():
                before = model.objects.count()
                # An agent's name is spoken and stands in lists: one line.
                broken = name is make_agent and len(text.splitlines()) > 1
                fits = len(text) <= limit and kind not in UNFIT and not broken
                if text and fits:
                    name(text)
                elif text:
                    with pytest.raises(BadInput, match=r"expected (at most|no control|one line)"):
                        name(text)
                assert model.objects.count() == before + (fits and text != "")
        for title in ("x" * 201, "a\x00", "\ud800"):
            with pytest.raises(BadInput, match="title: expected"):
                add_document(title, text="words")
        with pytest.raises(BadInput, match="text: expected"):
            add_document("Title", text="\x00")
        assert not Document.objects.exists()


PLACE = ("--latitude", "1", "--longitude", "1", "--residency", "x")
COMMANDS = (
    ("create_api_key", "--tenant", "rivertown", "--name", "{}"),
    ("create_api_key", "--tenant", "{}", "--name", "test"),
    ("change_company", "{}", "--call-weight", "3"),
    ("change_company", "rivertown", "--max-concurrent-calls", "99999999999"),
    ("add_region", "{}", "--label", "A", "--latitude", "1", "--longitude", "1", "--residency", "x"),
    (
        "add_region",
        "a-b",
        "--label",
        "{}",
        "--latitude",
        "1",
        "--longitude",
        "1",
        "--residency",
        "x",
    ),
    ("set_pool", "{}", "--baseline", "1"),
    ("add_pool", "us-east/think/{}"),
    ("add_pool", "{}"),
    ("coldstart", "--pool", "{}"),
)


@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_a_commands_argument_that_does_not_fit_is_a_sentence(
    plumber: Calling, argv: tuple[str, ...]
) -> None:
    """No traceback, whatever a shell hands over."""
    for kind in ("nul", "surrogate", "limit + 1", "huge", "digits"):
        words = (word.replace("{}", of_length(200)[kind]) for word in argv[1:])
        with pytest.raises(CommandError) as raised:
            call_command(argv[0], *words, stdout=StringIO())
        assert str(raised.value)


def test_a_number_beyond_its_column_is_refused_by_both_ends(plumber: Calling) -> None:
    """A count that Postgres' integer cannot hold."""
    with pytest.raises(BadInput, match="whole number from 0 to 2147483647; this is 2147483648"):
        set_limits("rivertown", max_concurrent_calls=2**31)
    set_limits("rivertown", max_concurrent_calls=2**31 - 1)
    assert Tenant.objects.using("control").get().max_concurrent_calls == 2**31 - 1


def test_a_trace_of_what_was_refused_is_cut_to_fit(db: None) -> None:
    """An attacker's words are no reason to keep no trace of them."""
    record_security_event(
        action="x" * 99, source="\x00" + "y" * 999, detail={"path\x00": ["\ud800", {"a": "\x00"}]}
    )
    event = SecurityEvent.objects.using("control").get()
    assert (len(event.action), len(event.source)) == (60, 200)
    assert event.detail == {"path": ["", {"a": ""}]}


def test_every_row_that_a_door_can_write_is_held_to_its_columns() -> None:
    """A new table of tenants derives from the bounded row; none overrides its save."""
    for model in (ToolRun, Visit, Document, ApiKey, Tenant, SecurityEvent, Call):
        assert issubclass(model, BoundedModel)
        assert model.save is BoundedModel.save
    assert issubclass(BoundedModel, models.Model)


def test_what_is_wrong_with_a_form_is_said_in_a_sentence(plumber: Calling) -> None:
    """The page of the refusal names the field."""
    with as_tenant(plumber.tenant_id):
        run_id = score_call(shadowed_call(plumber.tenant_id))
    browser = signed_in(plumber.tenant_id, role="reviewer")
    form = urlencode({"choice": "agree", "note": "well\x00done"})
    answer = browser.post(
        f"/shadow/{run_id}/verdict", data=form, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert "Note: expected no control characters" in answer.content.decode()


def test_a_credential_of_any_bytes_is_refused(db: None) -> None:
    """401, or a path that is nobody's; no lookup fails of it."""
    client = Client(raise_request_exception=False)
    for credential in ("wl_\x00_a", "\xff", "wl_" + "a" * 190, "wl_a", "a" * 5000):
        headers = {"authorization": f"Bearer {credential}"}
        assert client.get("/api/v1/calls", headers=headers).status_code == 401
        for door in ("tools/x", "knowledge", "end"):
            path = f"/internal/calls/01a223ab-ce40-7259-b913-ad2771435fc8/{door}"
            answer = client.post(path, "{}", content_type="application/json", headers=headers)
            assert answer.status_code in {401, 403}, credential


def test_a_path_of_any_bytes_is_answered(db: None) -> None:
    """Without a page, mostly; never a 500."""
    client = Client(raise_request_exception=False)
    for start in ("/", "/calls/", "/shadow/", "/static/", "/twilio/", "/sign-in", "/healthz/"):
        for text in ("%00", "%ED%A0%80", "%FF", "..%2F..%2Fetc%2Fpasswd", "x" * 5000):
            assert client.get(start + text).status_code < 500, start + text
            assert client.post(start + text).status_code < 500, start + text
