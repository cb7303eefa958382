"""What is shown in place of a page: it looks like the product, and programs read JSON."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from dashboard.error import views
from tenants.actions import add_member, create_api_key, create_user
from tenants.api.api_keys import MOST_BAD_KEYS
from tenants.context import as_tenant
from tests.tenants.conftest import rivertown  # noqa: F401  fixture
from tests.tenants.test_doors import ROUTES, nobodys
from warmline.kernel.ids import TenantId

PROBLEM = {"type", "title", "status", "detail", "code", "instance"}
Refuse = Callable[[HttpRequest], HttpResponse]
REFUSALS: dict[str, tuple[int, str, Refuse]] = {
    "400": (400, "expected a UUID", lambda r: views.bad_request(r, BadRequest("expected a UUID"))),
    "400, suspicious": (
        400,
        "could not be read",
        lambda r: views.bad_request(r, SuspiciousOperation("for developers only")),
    ),
    "403": (403, "for operators", lambda r: views.forbidden(r, PermissionDenied("for operators"))),
    "403, a form": (403, "out of date", lambda r: views.form_refused(r, "no CSRF cookie")),
    "404": (404, "nothing here", lambda r: views.not_found(r, Http404("for programs only"))),
    "404, no address": (404, "nothing here", lambda r: views.not_found(r, Http404({"tried": []}))),
    "413": (413, "too large", lambda r: views.refusal(r.path, status=413)),
    "429": (429, "Too many", lambda r: views.refusal(r.path, status=429)),
    "500": (500, "broke on our side", views.server_error),
    "503": (503, "Busy", lambda r: views.refusal(r.path, status=503)),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_a_person_is_shown_a_page_without_a_query(what: str) -> None:
    """With the product's styles and a way on: no database, no session, nobody signed in."""
    status, words, refuse = REFUSALS[what]
    answer = refuse(RequestFactory().get("/calls/"))
    page = answer.content.decode()
    assert answer.status_code == status
    assert words.lower() in page.lower()
    assert "only" not in page
    assert "dashboard/layout/layout.css" in page
    assert 'name="viewport"' in page
    assert 'href="/"' in page
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("what", REFUSALS)
def test_a_program_is_told_in_one_object(what: str) -> None:
    """As every other refusal of the API."""
    status, _, refuse = REFUSALS[what]
    answer = refuse(RequestFactory().get("/api/v1/calls"))
    assert answer.status_code == status
    problem = json.loads(answer.content)
    assert set(problem) == PROBLEM
    assert problem["status"] == status
    assert answer["X-Request-Id"] == problem["instance"]


@pytest.mark.django_db
def test_an_address_that_is_none_is_answered_in_its_readers_form() -> None:
    """A page, one object, a plain line for a carrier."""
    for path, kind in (
        ("/nowhere", "text/html; charset=utf-8"),
        ("/api/v1/nowhere", "application/problem+json"),
        ("/twilio/nowhere", "text/plain"),
    ):
        answer = Client().get(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, kind)
        assert b"twilio/voice" not in answer.content


@pytest.mark.django_db
def test_a_wrong_verb_has_a_page_too() -> None:
    """And says which ones there are."""
    answer = Client().get("/sign-out")
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
    assert b"layout.css" in answer.content


@pytest.mark.django_db
def test_a_form_without_its_token_says_what_to_do() -> None:
    """Not in Django's words."""
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert b"This form is out of date" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES)
def test_no_answer_is_kept(route: str, rivertown: TenantId) -> None:
    """Neither by the browser nor on the way: callers' words and numbers stand there."""
    user = create_user("op@example.com", password="a long enough one", is_staff=True)
    with as_tenant(rivertown):
        add_member(user, role="admin")
    member = Client(raise_request_exception=False)
    member.force_login(user)
    for client in (member, Client()):
        assert "no-store" in client.get(nobodys(route))["Cache-Control"]


@pytest.mark.django_db
def test_a_refusal_is_no_traceback_in_the_log(
    rivertown: TenantId, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever it is for."""
    user = create_user("alice@example.com", password="a long enough one")
    with as_tenant(rivertown):
        add_member(user, role="viewer")
    member = Client()
    member.force_login(user)
    for path, status in (("/pools/", 403), ("/nowhere", 404), ("/calls/?cursor=x", 400)):
        assert member.get(path).status_code == status
    assert caplog.records == []


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_valkey")
def test_bad_keys_are_told_to_wait_and_a_live_one_never_is(rivertown: TenantId) -> None:
    """From the same address."""
    with as_tenant(rivertown):
        key = create_api_key("test").secret

    def call(secret: str) -> Any:
        return Client().get("/api/v1/calls", headers={"authorization": f"Bearer {secret}"})

    for number in range(MOST_BAD_KEYS):
        assert call(f"wl_{number}_x").status_code == 401
    refused = call("wl_x_y")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert set(json.loads(refused.content)) == PROBLEM
    assert json.loads(refused.content)["code"] == "rate_limited"
    assert call(key).status_code == 200
