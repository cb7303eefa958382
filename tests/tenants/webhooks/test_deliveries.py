"""What is announced is delivered: signed, at least once, under one id, and noted."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db.models import F

from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.models import AuditEvent, OutgoingMail, WebhookEvent
from tenants.webhooks import actions, queries, replaying
from tenants.webhooks.announcing import announce
from tenants.webhooks.models import Delivery, Endpoint, Message
from tenants.webhooks.sending import delivering, posting
from tenants.webhooks.sending.delivering import deliver_due
from tenants.webhooks.sending.dispatching import dispatch_events
from tenants.webhooks.sending.outcomes import DISABLED_AFTER
from tenants.webhooks.sending.schedule import MOST_ATTEMPTS
from tenants.webhooks.types import EventType, NewWebhookEndpoint, WebhookDelivery
from tests.tenants.webhooks.conftest import AN_HOUR, pass_time, send_all
from tests.tenants.webhooks.receiver import Receiver, Reply
from warmline.kernel.errors import BadInput, Conflict
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


def announced(tenant_id: TenantId, event_type: EventType = EventType.CALL_ENDED) -> UUID:
    with as_tenant(tenant_id):
        return announce(event_type, {"id": "call-1", "duration_s": 42})


def _announce_and_fail() -> None:
    announce(EventType.CALL_ENDED, {})
    raise ZeroDivisionError


def deliveries(tenant_id: TenantId, endpoint_id: UUID) -> tuple[WebhookDelivery, ...]:
    with as_tenant(tenant_id):
        return queries.deliveries_page(endpoint_id).items


def test_an_event_reaches_the_receiver_signed_by_the_endpoints_secret(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """By Standard Webhooks: its own library says that the signature is good."""
    event_id = announced(rivertown)
    send_all(rivertown)
    (request,) = receiver.received
    payload = request.verified_with(endpoint.secret)
    assert request.id == str(event_id)
    assert request.headers["content-type"] == "application/json"
    assert {**payload, "timestamp": ""} == {
        "type": "call.ended",
        "timestamp": "",
        "api_version": "v1",
        "sequence": 1,
        "data": {"id": "call-1", "duration_s": 42},
    }
    happened = datetime.fromisoformat(payload["timestamp"])
    assert timedelta() <= datetime.now(UTC) - happened < AN_HOUR
    (delivery,) = deliveries(rivertown, endpoint.id)
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 1, 204)
    with as_tenant(rivertown):
        detail = queries.delivery(endpoint.id, delivery.id)
    assert detail.payload == payload
    assert [(attempt.status, attempt.error) for attempt in detail.tries] == [(204, "")]


def test_what_is_rolled_back_was_never_told(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """The event is part of the transaction of what happened."""
    with pytest.raises(ZeroDivisionError), as_tenant(rivertown):
        _announce_and_fail()
    send_all(rivertown)
    assert receiver.received == []


def test_each_endpoint_is_told_what_it_asked_for(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """None named is all of them; a disabled one is told nothing."""
    with as_tenant(rivertown):
        of_bookings = actions.make_endpoint(f"{receiver.url}/b", event_types=["booking.created"])
        off = actions.make_endpoint(f"{receiver.url}/off")
        actions.change_endpoint(off.id, enabled=False)
    announced(rivertown)
    booking = announced(rivertown, EventType.BOOKING_CREATED)
    send_all(rivertown)
    assert [request.id for request in receiver.received if request.path == "/hook/b"] == [
        str(booking)
    ]
    assert len(deliveries(rivertown, endpoint.id)) == 2
    assert deliveries(rivertown, off.id) == ()
    assert [delivery.sequence for delivery in deliveries(rivertown, of_bookings.id)] == [1]


def test_events_of_a_company_without_endpoints_are_kept_nowhere(
    rivertown: TenantId, lakeside: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """Nor are they told to another company's."""
    announced(lakeside)
    send_all(lakeside)
    send_all(rivertown)
    with as_tenant(lakeside):
        assert not WebhookEvent.objects.exists()
        assert not Message.objects.exists()
    assert receiver.received == []


@pytest.mark.parametrize("status", [199, 301, 307, 400, 404, 429, 500, 503])
def test_what_is_not_2xx_is_tried_again_under_the_same_id(
    status: int, rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """And the receiver's words are kept."""
    if status == 199:
        receiver.replies = [Reply(raw=lambda connection: connection.sendall(b"no HTTP at all\r\n"))]
    else:
        location = {"Location": f"{receiver.url}/elsewhere"} if status < 400 else {}
        receiver.replies = [Reply(status, headers=location, body=b"not now")]
    announced(rivertown)
    send_all(rivertown)
    (delivery,) = deliveries(rivertown, endpoint.id)
    assert (delivery.state, delivery.attempts) == ("pending", 1)
    send_all(rivertown)
    assert len(receiver.received) == 1  # not before its time
    pass_time(rivertown, endpoint.id, AN_HOUR)
    send_all(rivertown)
    first, second = receiver.received
    assert first.id == second.id
    assert first.body == second.body
    assert {request.path for request in receiver.received} == {"/hook"}
    with as_tenant(rivertown):
        detail = queries.delivery(endpoint.id, delivery.id)
    assert (detail.state, detail.attempts) == ("delivered", 2)
    assert detail.tries[1].error
    if status != 199:
        assert (detail.tries[1].status, detail.tries[1].excerpt) == (status, "not now")


def test_a_delivery_is_given_up_after_its_last_attempt_and_can_be_replayed(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """Under its own id again, and with all its attempts before it."""
    receiver.replies = [Reply(500) for _ in range(MOST_ATTEMPTS)]
    announced(rivertown)
    for _ in range(MOST_ATTEMPTS + 2):
        send_all(rivertown)
        pass_time(rivertown, endpoint.id, timedelta(hours=15))
    assert len(receiver.received) == MOST_ATTEMPTS
    (delivery,) = deliveries(rivertown, endpoint.id)
    assert (delivery.state, delivery.next_attempt_at) == ("failed", None)
    with as_tenant(rivertown):
        replaying.replay_delivery(endpoint.id, delivery.id)
        assert queries.delivery(endpoint.id, delivery.id).attempts == 0
    send_all(rivertown)
    assert {request.id for request in receiver.received} == {str(delivery.message_id)}
    (delivery,) = deliveries(rivertown, endpoint.id)
    assert delivery.state == "delivered"


def test_a_receiver_that_asks_for_later_gets_it_later(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """Retry-After, where the first retry would have come within seconds."""
    receiver.replies = [Reply(429, headers={"Retry-After": "7200"})]
    announced(rivertown)
    send_all(rivertown)
    pass_time(rivertown, endpoint.id, AN_HOUR)
    send_all(rivertown)
    assert len(receiver.received) == 1
    pass_time(rivertown, endpoint.id, AN_HOUR)
    send_all(rivertown)
    assert len(receiver.received) == 2


def test_410_disables_the_endpoint_and_says_so(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """To whoever may do something about it, by mail too; nothing more is sent to it, until then."""
    for role in ("builder", "reviewer"):
        user = create_user(f"{role}@example.com", password="a long enough one")
        with as_tenant(rivertown):
            add_member(user, role=role)
    receiver.replies = [Reply(410)]
    announced(rivertown)
    announced(rivertown)
    send_all(rivertown)
    pass_time(rivertown, endpoint.id, A_DAY)
    send_all(rivertown)
    assert len(receiver.received) == 1
    with as_tenant(rivertown):
        shown = queries.endpoint(endpoint.id)
        assert (shown.enabled, shown.disabled_because) == (False, "gone")
        assert AuditEvent.objects.get(action="webhook.disabled").detail == {"because": "gone"}
        mails = OutgoingMail.objects.using("control").values_list("recipient", flat=True)
        assert list(mails) == ["builder@example.com"]
        actions.change_endpoint(endpoint.id, enabled=True)
    send_all(rivertown)
    assert len(receiver.received) == 2


def test_days_of_nothing_but_failures_disable_the_endpoint(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """One success in between, and the days begin anew."""
    replies = [Reply(500), Reply(), Reply(500), Reply(500)]
    for number, reply in enumerate(replies):
        receiver.replies = [reply]
        announced(rivertown)
        with as_tenant(rivertown):
            Delivery.objects.all().update(state="failed")
        send_all(rivertown)
        with as_tenant(rivertown):
            assert queries.endpoint(endpoint.id).enabled == (number < 3)
            Endpoint.objects.update(failing_since=F("failing_since") - DISABLED_AFTER)
    with as_tenant(rivertown):
        assert queries.endpoint(endpoint.id).disabled_because == "failing"
        assert Delivery.objects.filter(state="pending").exists()


def test_an_endpoint_that_fails_again_and_again_is_left_alone_for_a_while(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """What is left of the batch waits unharmed; a test goes out all the same."""
    receiver.replies = [Reply(500)] * 3
    for _ in range(10):
        announced(rivertown)
    send_all(rivertown)
    assert len(receiver.received) == 3
    with as_tenant(rivertown):
        assert queries.health(endpoint.id).rests_until is not None
        replaying.send_test(endpoint.id)
    send_all(rivertown)
    assert [request.payload["type"] for request in receiver.received[3:]] == ["test"]
    pass_time(rivertown, endpoint.id, AN_HOUR)
    send_all(rivertown)
    assert len(receiver.received) == 14
    with as_tenant(rivertown):
        health = queries.health(endpoint.id)
    assert (health.rests_until, health.failing_since, health.pending) == (None, None, 0)


def test_a_sender_that_dies_loses_nothing(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """What it had claimed is anybody's again when the claim ends, and nobody's before."""
    announced(rivertown)
    with as_tenant(rivertown):
        dispatch_events()
        assert delivering._claim(endpoint.id) is not None
    send_all(rivertown)
    assert receiver.received == []
    pass_time(rivertown, endpoint.id, delivering.CLAIM)
    send_all(rivertown)
    assert len(receiver.received) == 1


def test_rotated_secrets_sign_side_by_side_for_a_day(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """A receiver that knows either takes it; the one before them is no good any more."""
    with as_tenant(rivertown):
        second = actions.rotate_secret(endpoint.id)
        third = actions.rotate_secret(endpoint.id)
    announced(rivertown)
    send_all(rivertown)
    (request,) = receiver.received
    request.verified_with(second.secret)
    request.verified_with(third.secret)
    assert len(request.headers["webhook-signature"].split()) == 2
    with as_tenant(rivertown):
        assert queries.endpoint(endpoint.id).previous_secret_until is not None
        Endpoint.objects.update(previous_secret_until=datetime.now(UTC) - AN_HOUR)
    announced(rivertown)
    send_all(rivertown)
    assert len(receiver.received[-1].headers["webhook-signature"].split()) == 1
    receiver.received[-1].verified_with(third.secret)


def test_a_test_is_sent_once_even_to_a_disabled_endpoint(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """Its failure says nothing of the endpoint's days; a few may be on their way at once."""
    receiver.replies = [Reply(500, body=b"who are you?")]
    with as_tenant(rivertown):
        actions.change_endpoint(endpoint.id, enabled=False)
        delivery_id = replaying.send_test(endpoint.id)
    send_all(rivertown)
    pass_time(rivertown, endpoint.id, A_DAY)
    send_all(rivertown)
    assert len(receiver.received) == 1
    with as_tenant(rivertown):
        detail = queries.delivery(endpoint.id, delivery_id)
        assert (detail.state, detail.event_type) == ("failed", "test")
        assert detail.tries[0].excerpt == "who are you?"
        assert queries.health(endpoint.id).failing_since is None
        for _ in range(replaying.MOST_TESTS_WAITING):
            replaying.send_test(endpoint.id)
        with pytest.raises(Conflict, match="on their way"):
            replaying.send_test(endpoint.id)


def test_a_range_of_time_is_sent_again_with_what_was_missed(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """What the endpoint had, and what happened while it was disabled; tests not."""
    announced(rivertown)
    with as_tenant(rivertown):
        replaying.send_test(endpoint.id)
    send_all(rivertown)
    with as_tenant(rivertown):
        actions.change_endpoint(endpoint.id, enabled=False)
    missed = announced(rivertown)
    send_all(rivertown)
    now = datetime.now(UTC)
    with as_tenant(rivertown):
        with pytest.raises(Conflict, match="enable it first"):
            replaying.replay_range(endpoint.id, since=now - AN_HOUR, until=now)
        actions.change_endpoint(endpoint.id, enabled=True)
        replay = partial(replaying.replay_range, endpoint.id, since=now - AN_HOUR, until=now)
        assert replay(only_failed=True).deliveries == 0
        assert replay().deliveries == 2
    send_all(rivertown)
    assert len(receiver.received) == 4
    assert str(missed) in {request.id for request in receiver.received}


def test_a_range_is_bounded(rivertown: TenantId, endpoint: NewWebhookEndpoint) -> None:
    """By its order, by how long events are kept, by how many there are."""
    now = datetime.now(UTC)
    with as_tenant(rivertown):
        for since, until in [(now, now), (now, now - AN_HOUR), (now - 31 * A_DAY, now)]:
            with pytest.raises(BadInput, match="expected a time"):
                replaying.replay_range(endpoint.id, since=since, until=until)
        for _ in range(replaying.MOST_REPLAYED + 1):
            announce(EventType.CALL_STARTED, {})
        while dispatch_events():
            pass
        with pytest.raises(BadInput, match="1001 deliveries lie in this range"):
            replaying.replay_range(endpoint.id, since=now - AN_HOUR, until=now + AN_HOUR)


def test_a_huge_event_is_told_in_short(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """At most 256 kB go out; what there is to know stands in the API."""
    with as_tenant(rivertown):
        announce(EventType.CALL_ENDED, {"id": "call-1", "transcript": ["a" * 1000] * 400})
    send_all(rivertown)
    (request,) = receiver.received
    assert request.payload["data"] == {"id": "call-1", "left_out": ["transcript"]}


def test_whatever_an_event_holds_it_is_told(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """What Postgres or JSON has no place for never stops the call that it is told of."""
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    event = {"at": moment, "id": UUID(int=7), "words": "a\0b\ud800c", "kind": EventType.TEST}
    with as_tenant(rivertown):
        announce(EventType.CALL_ENDED, event)
    send_all(rivertown)
    assert receiver.received[0].payload["data"] == {
        "at": "2026-01-02T03:04:05Z",
        "id": str(UUID(int=7)),
        "words": "abc",
        "kind": "test",
    }


def test_a_slow_receiver_is_given_up_at_the_deadline(
    rivertown: TenantId,
    endpoint: NewWebhookEndpoint,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A byte now and then does not prolong it; the endpoint rests at once."""

    def drip(connection: object) -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000:
                connection.sendall(bytes([byte]))  # type: ignore[attr-defined]
                receiver.gone.wait(0.02)
        except OSError:
            receiver.gone.set()

    monkeypatch.setattr(posting, "DEADLINE_S", 0.5)
    monkeypatch.setattr(posting, "SLOW_MS", 400)
    receiver.replies = [Reply(raw=drip)]
    announced(rivertown)
    announced(rivertown)
    send_all(rivertown)
    assert receiver.gone.wait(5)
    assert len(receiver.received) == 1
    with as_tenant(rivertown):
        assert queries.health(endpoint.id).rests_until is not None
    assert {delivery.state for delivery in deliveries(rivertown, endpoint.id)} == {"pending"}


def test_an_endless_answer_is_read_no_further_and_kept_in_short(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """Its status counts; a thousand characters of it are kept."""

    def pour(connection: object) -> None:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")  # type: ignore[attr-defined]
            while True:
                connection.sendall(b"\xffy" * 50_000)  # type: ignore[attr-defined]
        except OSError:
            receiver.gone.set()

    receiver.replies = [Reply(raw=pour)]
    announced(rivertown)
    send_all(rivertown)
    assert receiver.gone.wait(5)
    (delivery,) = deliveries(rivertown, endpoint.id)
    assert delivery.state == "delivered"
    with as_tenant(rivertown):
        (attempt,) = queries.delivery(endpoint.id, delivery.id).tries
    assert len(attempt.excerpt) == posting.MOST_KEPT


def test_where_a_name_leads_is_looked_at_on_each_try(
    rivertown: TenantId,
    endpoint: NewWebhookEndpoint,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An address that was fine when it was given, and is not any more, is not asked."""
    monkeypatch.delenv("WARMLINE_OUTBOUND_NETWORKS")
    announced(rivertown)
    send_all(rivertown)
    assert receiver.received == []
    (delivery,) = deliveries(rivertown, endpoint.id)
    assert (delivery.state, delivery.last_status) == ("pending", None)
    assert "expected a host on the public internet" in delivery.last_error


def test_two_senders_never_send_one_delivery_at_once(
    rivertown: TenantId, endpoint: NewWebhookEndpoint, receiver: Receiver
) -> None:
    """The second finds nothing that is due."""
    announced(rivertown)
    with as_tenant(rivertown):
        dispatch_events()

    def meanwhile(connection: object) -> None:
        assert deliver_due(rivertown, endpoint.id) == 0
        connection.sendall(b"HTTP/1.1 204 OK\r\n\r\n")  # type: ignore[attr-defined]

    receiver.replies = [Reply(raw=meanwhile)]
    assert deliver_due(rivertown, endpoint.id) == 1
    assert len(receiver.received) == 1
