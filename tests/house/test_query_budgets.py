"""Each page and each operation of the API asks the database so often at most, however much there
is to show: one query a row is found here, not by the first large tenant.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connections
from django.test import Client

from agents.actions import go_live, make_agent
from agents.bookings.calendar import renew_feed
from agents.editing import actions as editing
from agents.editing import queries as agents_queries
from agents.types import Wording
from inference import models
from inference.fleet import actions as fleet
from inference.fleet import replica_actions
from inference.warming import record
from rag import actions as knowledge
from rag import collection_actions
from shadow.actions import give_verdict, score_call
from telephony.calls import recording_store
from telephony.calls.erasing import request_erasure
from telephony.calls.listing.filters import CallFilters
from telephony.calls.listing.saved_views import save_view
from telephony.calls.recording_links import link_to
from telephony.carriers import registry
from telephony.models import CarrierAccount, Recording
from telephony.numbers.actions import add_number
from telephony.usage.actions import roll_up
from tenants.actions import add_member, create_api_key, create_user
from tenants.actor import Actor, acting
from tenants.context import as_control, as_tenant
from tenants.models import ApiKey
from tenants.parked.actions import count_attempt
from tenants.people.invitations import invite
from tenants.people.queries import all_members
from tenants.web import SESSION_TENANT
from tenants.webhooks import actions as webhooks
from tenants.webhooks import queries as webhook_queries
from tenants.webhooks.announcing import announce
from tenants.webhooks.sending.dispatching import dispatch_events
from tenants.webhooks.types import EventType
from tests.shadow.conftest import CONVERSATION, plumber, shadowed_call  # noqa: F401  fixture
from tests.telephony.calls.test_recordings import wav
from tests.tenants.test_doors import ROUTES, filled
from verticals.homeservices.models import Visit
from warmline.kernel import clock
from warmline.kernel.call import Happening
from warmline.kernel.ids import TenantId, new_uuid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey", "chroma_server")]

PASSWORD = "a long enough password"
SIGN_IN = {"username": "member@example.com", "password": PASSWORD}
# The carriers' webhooks and the media plane's doors are no pages: tests/bench/webhook.py measures
# them.
MACHINES = (*(f"{carrier}/" for carrier in registry.names()), "internal/")
LAST_HOUR = {
    "since": (clock.now() - timedelta(hours=1)).isoformat(),
    "until": (clock.now() + timedelta(hours=1)).isoformat(),
}
# So many of everything: calls and their turns, runs, verdicts, pools, replicas and their steps.
FEW, MANY = 2, 5


@dataclass(frozen=True)
class Budget:
    """How many queries a visit may take, and what it is: by whom, how, and its answer."""

    most: int
    by: str = "member"
    method: str = "get"
    form: dict[str, str] = field(default_factory=dict)
    status: int = 200


BUDGETS = {
    "home/": Budget(15),
    "": Budget(2, status=302),
    # The password, the address, the second factor, the session and where it is.
    "sign-in": Budget(9, by="nobody", method="post", form=SIGN_IN, status=302),
    "sign-in/code": Budget(0, by="nobody", status=302),
    "sign-in/passkey": Budget(0, by="nobody", status=302),
    "sign-in/sso": Budget(0, by="nobody", status=404),
    "sign-in/sso/callback": Budget(0, by="nobody", status=404),
    "sign-out": Budget(4, method="post", status=302),
    "calls/": Budget(8),
    "calls/export/<str:file>": Budget(3, status=403),
    "calls/views": Budget(12, method="post", form={"name": "Mine"}, status=302),
    "calls/views/<uuid:view_id>/delete": Budget(1, status=405),
    "calls/<uuid:call_id>": Budget(9),
    "calls/<uuid:call_id>/delete": Budget(1, status=405),
    "calls/<uuid:call_id>/erase-caller": Budget(1, status=405),
    "bookings/": Budget(6),
    "bookings/week": Budget(6),
    "bookings/feed": Budget(4, status=403),
    "bookings/<uuid:booking_id>": Budget(6),
    "bookings/<uuid:booking_id>/move": Budget(1, status=405),
    "bookings/<uuid:booking_id>/cancel": Budget(1, status=405),
    "calendar/<str:token>.ics": Budget(1, by="nobody", status=404),
    "api/v1/shadow-runs": Budget(4, by="key"),
    "api/v1/shadow-runs/<uuid:run_id>": Budget(7, by="key"),
    "api/v1/shadow-runs/<uuid:run_id>/verdict": Budget(1, by="key", status=405),
    "api/v1/bookings": Budget(3, by="key"),
    "api/v1/bookings/calendar": Budget(2, by="key"),
    "api/v1/bookings/<uuid:booking_id>": Budget(3, by="key"),
    "api/v1/bookings/<uuid:booking_id>/cancel": Budget(1, by="key", status=405),
    "api/v1/bookings/<uuid:booking_id>/reschedule": Budget(1, by="key", status=405),
    "sign-up": Budget(0, by="nobody", status=503),
    "sign-up/sent": Budget(0, by="nobody"),
    "confirm/<str:key>": Budget(0, by="nobody"),
    "password/reset": Budget(0, by="nobody"),
    "password/reset/sent": Budget(0, by="nobody"),
    "password/reset/<hex:uidb36>-<str:key>": Budget(0, by="nobody", status=404),
    "company/new": Budget(3),
    "account/": Budget(7),
    "account/email": Budget(8),
    "account/sessions": Budget(4),
    "account/sessions/end-others": Budget(4, method="post", status=302),
    "account/sessions/<uuid:sign_in_id>/end": Budget(4, method="post", status=404),
    "account/delete": Budget(12, status=302),
    "account/security": Budget(6),
    "account/password": Budget(5),
    "account/again/password": Budget(11),
    "account/again/code": Budget(12, status=302),
    "account/again/passkey": Budget(12, status=302),
    "account/app": Budget(12, status=302),
    "account/app/remove": Budget(9, status=404),
    "account/recovery-codes": Budget(9, status=404),
    "account/recovery-codes/new": Budget(12, status=302),
    "account/passkeys/add": Budget(12, status=302),
    "account/passkeys/<int:pk>/remove": Budget(11, status=302),
    "mailbox/": Budget(0, by="nobody", status=404),
    "mailbox/<str:name>": Budget(0, by="nobody", status=404),
    "calls/<uuid:call_id>/audio": Budget(4),
    "agents/": Budget(6),
    "agents/hours": Budget(6),
    "agents/<uuid:agent_id>": Budget(14),
    "agents/<uuid:agent_id>/publish": Budget(3, status=405),
    "agents/<uuid:agent_id>/shadow": Budget(3, status=405),
    "agents/<uuid:agent_id>/shadow/publish": Budget(3, status=405),
    "agents/<uuid:agent_id>/shadow/end": Budget(3, status=405),
    "agents/<uuid:agent_id>/discard": Budget(3, status=405),
    "agents/<uuid:agent_id>/archive": Budget(3, status=405),
    "agents/<uuid:agent_id>/restore": Budget(3, status=405),
    "agents/<uuid:agent_id>/versions": Budget(7),
    "agents/<uuid:agent_id>/versions/<int:number>/revert": Budget(3, status=405),
    "agents/<uuid:agent_id>/compare": Budget(9),
    "widget/": Budget(6),
    "api/v1/agents/<uuid:agent_id>/talk": Budget(1, by="key", status=405),
    "talk/": Budget(3, status=403),
    "agents/<uuid:agent_id>/talk": Budget(3, status=403),
    "agents/<uuid:agent_id>/talk/calls": Budget(1, status=405),
    "agents/<uuid:agent_id>/try": Budget(3, status=405),
    "shadow/": Budget(6),
    "shadow/<uuid:run_id>": Budget(8),
    "shadow/<uuid:run_id>/verdict": Budget(14, method="post", form={"choice": "agree"}, status=302),
    "invitations/<str:invitation_token>": Budget(5, by="nobody"),
    "usage/": Budget(8, by="owner"),
    "company/": Budget(6, by="owner"),
    "company/leave": Budget(9, by="owner", method="post", status=303),
    "company/transfer": Budget(3, by="owner", method="post", status=303),
    "company/close": Budget(3, by="owner"),
    "companies/": Budget(4),
    "members/": Budget(7, by="owner"),
    "members/invite": Budget(7, by="owner", method="post", status=422),
    "members/<uuid:member_id>/role": Budget(
        11, by="owner", method="post", form={"role": "viewer"}, status=303
    ),
    "members/invitations/<uuid:invitation_id>/resend": Budget(
        9, by="owner", method="post", status=303
    ),
    "members/invitations/<uuid:invitation_id>/revoke": Budget(
        10, by="owner", method="post", status=303
    ),
    "audit/": Budget(8, by="owner"),
    "operators/companies/": Budget(3, by="operator"),
    "operators/companies/new": Budget(2, by="operator"),
    "operators/companies/<slug:slug>": Budget(8, by="operator"),
    "operators/companies/<slug:slug>/<str:step>": Budget(
        4, by="operator", method="post", status=303
    ),
    "operators/incidents/": Budget(6, by="operator"),
    "operators/tasks/": Budget(3, by="operator"),
    "operators/tasks/<uuid:job>/<str:decision>": Budget(
        4, by="operator", method="post", status=303
    ),
    "pools/": Budget(21, by="operator"),
    "webhooks/": Budget(6, by="builder"),
    "webhooks/new": Budget(6, by="builder"),
    "webhooks/<uuid:endpoint_id>": Budget(10, by="builder"),
    "webhooks/<uuid:endpoint_id>/edit": Budget(6, by="builder"),
    "webhooks/<uuid:endpoint_id>/switch": Budget(
        9, by="builder", method="post", form={"enabled": "yes"}, status=302
    ),
    "webhooks/<uuid:endpoint_id>/rotate": Budget(10, by="builder", method="post"),
    "webhooks/<uuid:endpoint_id>/test": Budget(16, by="builder", method="post", status=302),
    "webhooks/<uuid:endpoint_id>/replay": Budget(
        22, by="builder", method="post", form={"hours": "24"}, status=302
    ),
    "webhooks/<uuid:endpoint_id>/remove": Budget(1, by="builder", status=405),
    "webhooks/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>": Budget(8, by="builder"),
    "webhooks/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/replay": Budget(
        14, by="builder", method="post", status=302
    ),
    "metrics": Budget(11, by="nobody"),
    "api/v1/calls": Budget(2, by="key"),
    "api/v1/calls/export": Budget(3, by="key"),
    "api/v1/calls/<uuid:call_id>": Budget(6, by="key"),
    "api/v1/calls/<uuid:call_id>/events": Budget(3, by="key"),
    "api/v1/calls/<uuid:call_id>/transcript": Budget(6, by="key"),
    "api/v1/calls/<uuid:call_id>/latency": Budget(6, by="key"),
    "api/v1/calls/<uuid:call_id>/recording": Budget(2, by="key"),
    "api/v1/calls/<uuid:call_id>/recording/link": Budget(1, by="key", status=405),
    "api/v1/views": Budget(2, by="key"),
    "api/v1/views/<uuid:view_id>": Budget(2, by="key"),
    "api/v1/erasures": Budget(1, by="key", status=405),
    "api/v1/erasures/<uuid:erasure_id>": Budget(2, by="key"),
    "recordings/<str:token>": Budget(3, by="nobody"),
    "api/v1/agents": Budget(2, by="key"),
    "api/v1/agents/<uuid:agent_id>": Budget(2, by="key"),
    "api/v1/agents/<uuid:agent_id>/draft": Budget(2, by="key"),
    "api/v1/agents/<uuid:agent_id>/versions": Budget(3, by="key"),
    "api/v1/agents/<uuid:agent_id>/versions/<int:number>": Budget(3, by="key"),
    "api/v1/agents/<uuid:agent_id>/diff": Budget(4, by="key"),
    "api/v1/agents/<uuid:agent_id>/lint": Budget(7, by="key"),
    "api/v1/agents/<uuid:agent_id>/publish": Budget(1, by="key", status=405),
    "api/v1/agents/<uuid:agent_id>/shadow": Budget(1, by="key", status=405),
    "api/v1/agents/<uuid:agent_id>/archive": Budget(1, by="key", status=405),
    "api/v1/agents/<uuid:agent_id>/restore": Budget(1, by="key", status=405),
    "api/v1/agents/<uuid:agent_id>/revert": Budget(1, by="key", status=405),
    "api/v1/agents/<uuid:agent_id>/try": Budget(1, by="key", status=405),
    "api/v1/tools": Budget(2, by="key"),
    "api/v1/voices": Budget(1, by="key"),
    "api/v1/languages": Budget(1, by="key"),
    "api/v1/business-hours": Budget(3, by="key"),
    "api/v1/webhooks": Budget(2, by="key"),
    "api/v1/webhooks/event-types": Budget(1, by="key"),
    "api/v1/webhooks/<uuid:endpoint_id>": Budget(2, by="key"),
    "api/v1/webhooks/<uuid:endpoint_id>/health": Budget(4, by="key"),
    "api/v1/webhooks/<uuid:endpoint_id>/rotate": Budget(4, by="key", method="post"),
    "api/v1/webhooks/<uuid:endpoint_id>/test": Budget(13, by="key", method="post", status=202),
    "api/v1/webhooks/<uuid:endpoint_id>/replay": Budget(
        18, by="key", method="post", form=LAST_HOUR, status=202
    ),
    "api/v1/webhooks/<uuid:endpoint_id>/deliveries": Budget(3, by="key"),
    "api/v1/webhooks/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>": Budget(3, by="key"),
    "api/v1/webhooks/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/replay": Budget(
        10, by="key", method="post", status=202
    ),
    "numbers/": Budget(10),
    "numbers/add": Budget(5, by="builder"),
    "numbers/search": Budget(5, by="builder"),
    "numbers/buy": Budget(5, by="builder"),
    "numbers/connect": Budget(9, by="builder"),
    "numbers/connect/subaccount": Budget(1, by="builder", status=405),
    "numbers/accounts/<uuid:account_id>/rotate": Budget(4, by="builder"),
    "numbers/<uuid:number_id>": Budget(9),
    "numbers/<uuid:number_id>/check": Budget(30, by="builder", method="post"),
    "numbers/<uuid:number_id>/ring": Budget(5, by="builder", status=404),
    "numbers/<uuid:number_id>/connect": Budget(4, by="builder", method="post", status=302),
    "api/v1/company": Budget(2, by="key"),
    "api/v1/usage": Budget(6, by="key"),
    "api/v1/regions": Budget(3, by="key"),
    "api/v1/audit-events": Budget(3, by="key"),
    "api/v1/members": Budget(3, by="key"),
    "api/v1/members/<uuid:member_id>": Budget(3, by="key"),
    "api/v1/invitations": Budget(3, by="key"),
    "api/v1/invitations/<uuid:invitation_id>": Budget(3, by="key"),
    "api/v1/invitations/<uuid:invitation_id>/resend": Budget(
        6, by="key", method="post", status=409
    ),
    "api/v1/keys": Budget(3, by="key"),
    "api/v1/keys/<uuid:key_id>": Budget(3, by="key"),
    "api/v1/keys/<uuid:key_id>/rotate": Budget(1, by="key", status=405),
    "api/v1/keys/<uuid:key_id>/revoke": Budget(1, by="key", status=405),
    "keys/": Budget(5, by="admin"),
    "keys/new": Budget(3, by="admin"),
    "keys/<uuid:key_id>": Budget(5, by="admin"),
    "keys/<uuid:key_id>/rotate": Budget(5, by="admin"),
    "keys/<uuid:key_id>/revoke": Budget(3, status=405),
    "api/v1/numbers": Budget(4, by="key"),
    "api/v1/numbers/available": Budget(1, by="key", status=400),
    "api/v1/numbers/orders": Budget(2, by="key"),
    "api/v1/numbers/<uuid:number_id>": Budget(4, by="key"),
    "api/v1/numbers/<uuid:number_id>/check": Budget(16, by="key", method="post"),
    "api/v1/numbers/<uuid:number_id>/test-call": Budget(2, by="key", status=404),
    "api/v1/numbers/<uuid:number_id>/connect": Budget(2, by="key", method="post", status=400),
    "api/v1/carrier-accounts": Budget(2, by="key"),
    "api/v1/carrier-accounts/<uuid:account_id>": Budget(2, by="key"),
    "api/v1/carrier-accounts/<uuid:account_id>/rotate": Budget(
        1, by="key", method="post", status=400
    ),
    "knowledge/": Budget(8),
    "knowledge/add": Budget(4, by="builder"),
    "knowledge/add/<slug:kind>": Budget(3, by="builder", status=404),
    "knowledge/question": Budget(4),
    "knowledge/collections": Budget(4, by="builder"),
    "knowledge/collections/<uuid:collection_id>": Budget(4, by="builder"),
    "knowledge/collections/<uuid:collection_id>/remove": Budget(
        6, by="builder", method="post", status=302
    ),
    "knowledge/documents/<uuid:document_id>": Budget(7),
    "knowledge/documents/<uuid:document_id>/change": Budget(
        12, by="builder", method="post", form={"title": "x"}, status=422
    ),
    "knowledge/documents/<uuid:document_id>/replace": Budget(
        16, by="builder", method="post", form={"text": "More words."}, status=302
    ),
    "knowledge/documents/<uuid:document_id>/retry": Budget(
        6, by="builder", method="post", status=302
    ),
    "knowledge/documents/<uuid:document_id>/fetch": Budget(
        6, by="builder", method="post", status=400
    ),
    "api/v1/knowledge": Budget(3, by="key"),
    "api/v1/knowledge/collections": Budget(2, by="key"),
    "api/v1/knowledge/collections/<uuid:collection_id>": Budget(2, by="key"),
    "api/v1/knowledge/documents": Budget(2, by="key"),
    "api/v1/knowledge/documents/<uuid:document_id>": Budget(2, by="key"),
    "api/v1/knowledge/documents/<uuid:document_id>/passages": Budget(3, by="key"),
    "api/v1/knowledge/documents/<uuid:document_id>/content": Budget(
        13, by="key", method="put", form={"text": "Other words."}, status=202
    ),
    "api/v1/knowledge/documents/<uuid:document_id>/retry": Budget(
        4, by="key", method="post", status=409
    ),
    "api/v1/knowledge/search": Budget(
        2, by="key", method="post", form={"question": "When are you open?"}
    ),
    # What is there no more comes last.
    "numbers/accounts/<uuid:account_id>/remove": Budget(
        20, by="builder", method="post", status=302
    ),
    "numbers/<uuid:number_id>/release": Budget(30, by="builder", method="post", status=302),
    "api/v1/openapi.json": Budget(0, by="nobody"),
    "api/v1/docs": Budget(0, by="nobody"),
    "api/v1/docs/problems": Budget(0, by="nobody"),
    "api/v1/docs/<slug:tag>": Budget(0, by="nobody", status=404),
    "healthz/live": Budget(0, by="nobody"),
    "healthz/ready": Budget(1, by="nobody"),
    # Last: whom it names is gone.
    "members/<uuid:member_id>/remove": Budget(13, by="owner", method="post", status=303),
    # The last one: there is no such document any more.
    "knowledge/documents/<uuid:document_id>/remove": Budget(
        20, by="builder", method="post", status=302
    ),
}


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of this thread inside, on whatever connection."""
    statements: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(count))
        yield statements


class Installation:
    """A company with its calls, and the fleet that serves it; both grow when asked to."""

    def __init__(self, tenant_id: TenantId) -> None:
        self.tenant_id = tenant_id
        self.size = 0
        fleet.ensure_regions()
        operator = create_user("operator@example.com", password=PASSWORD, is_staff=True)
        owner = create_user("owner@example.com", password=PASSWORD)
        self.users = {
            "member": self.member("member@example.com"),
            "admin": self.member("admin@example.com", role="admin"),
            "operator": operator,
            "owner": owner,
        }
        with as_tenant(tenant_id):
            add_member(owner, role="owner")
            self.key = create_api_key("test").secret
            self.ids: dict[str, UUID | str] = {"key_id": ApiKey.objects.get().pk}
            # When it was last used is written once a minute, by whichever visit comes first.
            ApiKey.objects.update(last_used_at=clock.now() + timedelta(hours=1))
            self.users["builder"] = create_user("builder@example.com", password=PASSWORD)
            add_member(self.users["builder"], role="builder")

    def member(self, email: str, *, role: str = "reviewer") -> Any:
        """A new member, by default one who may judge."""
        user = create_user(email, password=PASSWORD)
        with as_tenant(self.tenant_id):
            add_member(user, role=role)
        return user

    def grow(self, size: int) -> None:
        """Until there are so many of everything, and the latest call has so many turns."""
        while self.size < size:
            self.size += 1
            self._add_call()
            self._add_pool()
            self._add_agent()
            self._add_webhooks()
            self._add_people()
            with as_tenant(self.tenant_id):
                create_api_key(f"key {self.size}")
            self._add_number()
            self._add_knowledge()

    def visit(self, route: str, budget: Budget) -> list[str]:
        """The statements of one visit."""
        ask = getattr(self._client(budget.by), budget.method)
        if budget.by == "key" and budget.method != "get":
            ask = partial(ask, content_type="application/json")
        with counted() as statements:
            answer = ask(filled(route, self.ids), budget.form)
        assert answer.status_code == budget.status, (route, answer)
        return statements

    def _client(self, by: str) -> Client:
        if by == "key":
            return Client(headers={"authorization": f"Bearer {self.key}"})
        client = Client()
        if by in self.users:
            client.force_login(self.users[by])
            session = client.session
            session[SESSION_TENANT] = self.tenant_id
            session.save()
        return client

    def _add_call(self) -> None:
        call_id = shadowed_call(self.tenant_id, conversation(self.size))
        judges = [self.member(f"judge-{self.size}-{n}@example.com") for n in range(self.size)]
        with as_tenant(self.tenant_id):
            run_id = score_call(call_id)
            for epoch, judge in enumerate(judges, start=1):
                give_verdict(run_id, reviewer_id=judge.pk, choice="agree")
                stored = recording_store.store(io.BytesIO(wav()), tenant_id=self.tenant_id)
                Recording.objects.create(
                    call_id=call_id,
                    epoch=epoch,
                    name=stored.name,
                    size_bytes=stored.size_bytes,
                    seconds=stored.seconds,
                )
            self._keep(call_id)
        self.ids |= {"call_id": call_id, "run_id": run_id, "number": "1"}

    def _add_agent(self) -> None:
        """Another agent with a draft, and another version of each."""
        with as_tenant(self.tenant_id):
            self.ids["agent_id"] = make_agent(f"Agent {self.size}")
            for agent in agents_queries.agents():
                wording = Wording(greeting=f"Hello, number {self.size}.")
                go_live(agent.id, wording=wording)
                editing.save_draft(agent.id, wording=replace(wording, role="the porter"))

    def _add_people(self) -> None:
        with as_tenant(self.tenant_id):
            made = invite(f"colleague-{self.size}@example.com", role="viewer")
            self.ids |= {
                "member_id": all_members()[-1].id,
                "invitation_id": made.id,
                "invitation_token": made.link.rsplit("/", 1)[1],
            }
            roll_up(at=clock.now())
        job_id = new_uuid()
        for _ in range(5):
            count_attempt(
                str(job_id), task=f"a job {job_id}", company=None, args=[], kwargs={}, why="x"
            )
        self.ids |= {"slug": "rivertown", "step": "resume", "job": job_id, "decision": "discard"}

    def _add_number(self) -> None:
        agent_id = UUID(str(self.ids["agent_id"]))
        with as_tenant(self.tenant_id):
            number = add_number(
                f"+1212555016{self.size}", agent_id=agent_id, mode="live", human_number=""
            )
            account = CarrierAccount.objects.create(
                kind="own", state="open", account_id=f"ACf{self.size:031x}", region="us1"
            )
        self.ids |= {"number_id": number.pk, "account_id": account.pk}

    def _add_knowledge(self) -> None:
        with as_tenant(self.tenant_id):
            place = collection_actions.create_collection(f"Branch {self.size}")
            text = f"Visit number {self.size} costs an extra dollar."
            # What is removed first makes the company's row of its words' index.
            knowledge.remove_document(knowledge.queue_text("Gone", text=text, collection_id=place))
            document_id = knowledge.queue_text("Prices", text=text, collection_id=place)
        self.ids |= {"collection_id": place, "document_id": document_id}

    def _keep(self, call_id: UUID) -> None:
        """Another saved list and erasure, and a link to the call's recording."""
        self.ids["view_id"] = save_view(f"View {self.size}", filters=CallFilters()).id
        booking = Visit.objects.create(
            call_id=call_id,
            reference=str(1000 + self.size),
            service="boiler",
            customer_name="Mary",
            starts_at=clock.now() + timedelta(hours=self.size),
            ends_at=clock.now() + timedelta(hours=self.size + 1),
        )
        self.ids["booking_id"] = booking.pk
        renew_feed()
        self.ids["erasure_id"] = request_erasure("+12125550147").id
        with acting(Actor("user", id=str(self.users["member"].pk))):
            url = link_to(call_id, at=clock.now()).url
        self.ids["token"] = url.rpartition("/")[2]

    def _add_webhooks(self) -> None:
        with as_tenant(self.tenant_id):
            endpoint_id = webhooks.make_endpoint("https://hooks.example.com/").id
            for _ in range(self.size):
                announce(EventType.CALL_ENDED, {})
            dispatch_events()
            delivery = webhook_queries.deliveries_page(endpoint_id).items[0]
        self.ids |= {"endpoint_id": endpoint_id, "delivery_id": delivery.id}

    def _add_pool(self) -> None:
        with as_control():
            pool = fleet.add_pool("us-east", "think", f"m-{self.size}", gpu=f"gpu-{self.size}")
            for number in range(self.size):
                replica = replica_actions.order_replica(
                    pool, provisioner="local", because="baseline 1"
                )
                replica_actions.move_replica(replica, "start")
                replica_actions.move_replica(replica, "listen")
                replica_actions.move_replica(replica, "primed")
                minute = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=number)
                record.note_minute(pool, minute=minute, calls=3, held=8)
                models.PoolDecision.objects.create(pool=pool, desired=number, because="baseline 1")


def conversation(times: int) -> tuple[Happening, ...]:
    """The shadowed conversation so many times over, in turns of their own."""
    begins, *turns, ends = CONVERSATION
    repeated = [
        msgspec.structs.replace(
            happening,
            turn=happening.turn + 10 * time,  # type: ignore[union-attr]
        )
        for time in range(times)
        for happening in turns
    ]
    return (begins, *repeated, ends)


@pytest.fixture
def installation(plumber: TenantId) -> Installation:
    """With a few of everything."""
    made = Installation(plumber)
    made.grow(FEW)
    return made


def test_each_page_and_operation_has_a_budget() -> None:
    """A new one is given its own here."""
    assert set(BUDGETS) == {route for route in ROUTES if not route.startswith(MACHINES)}


def test_no_page_asks_more_often_for_more_rows(installation: Installation) -> None:
    """Within its budget, and the same number of times when there is more of everything."""
    few = {route: installation.visit(route, budget) for route, budget in BUDGETS.items()}
    installation.grow(MANY)
    many = {route: installation.visit(route, budget) for route, budget in BUDGETS.items()}
    for route, budget in BUDGETS.items():
        # Each request looks its key up: what it may do and whether it still may.
        most = budget.most + (budget.by == "key")
        assert len(few[route]) <= most, (route, few[route])
        assert len(many[route]) == len(few[route]), (route, many[route])
