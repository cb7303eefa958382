"""The stream or the dial is over: what the carrier is told next."""

from xml.etree import ElementTree

import msgspec
import pytest

from telephony import media_link
from telephony.calls import queries
from telephony.control import regional_redis
from telephony.control.verb_callbacks import decide
from tenants.context import as_tenant
from tests.telephony.conftest import EU, HUMAN, US, Carrier, give_number, ringing
from warmline.kernel.call import EndReason, encode
from warmline.kernel.ids import CallId, TenantId

pytestmark = pytest.mark.django_db


def open_call(carrier: Carrier, form: dict[str, str]) -> str:
    twiml = ElementTree.fromstring(carrier.post("/twilio/voice", form)[1])
    return next(
        each.attrib["value"] for each in twiml.iter("Parameter") if each.attrib["name"] == "call"
    )


def media_says(call_id: str, reason: EndReason) -> None:
    client = regional_redis.client(US)
    assert client is not None
    client.set(media_link.ended_key(call_id), reason)


def after_stream(
    carrier: Carrier, *, attempt: int = 1, holds: int = 0, form: dict[str, str] | None = None
) -> list[ElementTree.Element]:
    status, body = carrier.post(
        f"/twilio/resume?attempt={attempt}&holds={holds}", form or ringing()
    )
    assert status == 200, body
    return list(ElementTree.fromstring(body))


@pytest.mark.parametrize("reason", ["agent_said_goodbye", "caller_hung_up", "too_long"])
def test_after_the_agents_end_the_carrier_hangs_up(
    carrier: Carrier, plumber: TenantId, reason: EndReason
) -> None:
    """Nothing more is said."""
    media_says(open_call(carrier, ringing()), reason)
    assert [verb.tag for verb in after_stream(carrier)] == ["Hangup"]


def test_a_transferred_caller_is_put_through(carrier: Carrier, plumber: TenantId) -> None:
    """And the call is on the list as handed over."""
    media_says(open_call(carrier, ringing()), "transferred")
    verbs = after_stream(carrier)
    assert [verb.tag for verb in verbs] == ["Dial"]
    assert verbs[0].text == HUMAN
    with as_tenant(plumber):
        assert queries.live_calls()[0].state == "handed_over"


def test_a_stream_whose_process_died_is_opened_again(carrier: Carrier, plumber: TenantId) -> None:
    """The same call and token; its dead holder is forgotten,
    so the new stream is let in at once.
    """
    call_id = open_call(carrier, ringing())
    client = regional_redis.client(US)
    assert client is not None
    client.set(media_link.stream_key(call_id), "us-east-dead MZ1")
    verbs = after_stream(carrier)
    assert [verb.tag for verb in verbs] == ["Connect", "Redirect"]
    assert verbs[1].text == "/twilio/resume?attempt=2"
    assert media_link.stream_holder(client, CallId(call_id)) is None


def test_the_same_question_again_does_not_disturb_the_new_stream(
    carrier: Carrier, plumber: TenantId
) -> None:
    """A replayed request gets its old answer, and the living stream keeps its holder."""
    call_id = open_call(carrier, ringing())
    first = after_stream(carrier)
    client = regional_redis.client(US)
    assert client is not None
    client.set(media_link.stream_key(call_id), "us-east-1 MZ2")
    again = after_stream(carrier)
    assert [ElementTree.tostring(verb) for verb in again] == [
        ElementTree.tostring(verb) for verb in first
    ]
    assert client.get(media_link.stream_key(call_id)) == b"us-east-1 MZ2"


def test_a_call_that_loses_every_stream_goes_to_a_person(
    carrier: Carrier, plumber: TenantId
) -> None:
    """After the third one."""
    open_call(carrier, ringing())
    verbs = [[verb.tag for verb in after_stream(carrier, attempt=n)] for n in (1, 2, 3)]
    assert verbs == [["Connect", "Redirect"], ["Connect", "Redirect"], ["Say", "Dial"]]


def test_without_a_media_process_the_caller_waits_and_then_goes_to_a_person(
    carrier: Carrier, plumber: TenantId
) -> None:
    """There is nothing to resume on yet: the supervisor is given two heartbeats' time."""
    open_call(carrier, ringing())
    for region in (US, EU):
        client = regional_redis.client(region)
        assert client is not None
        client.delete(media_link.WORKERS_SET)
    verbs = [[verb.tag for verb in after_stream(carrier, holds=n)] for n in (0, 1, 2)]
    assert verbs == [["Say", "Pause", "Redirect"], ["Pause", "Redirect"], ["Say", "Dial"]]


def test_the_dead_process_is_not_asked_again(carrier: Carrier, plumber: TenantId) -> None:
    """Its heartbeat outlives it by three seconds:
    the caller waits those, then the new process takes the call up.
    """
    call_id = open_call(carrier, ringing())
    client = regional_redis.client(US)
    assert client is not None
    [only] = media_link.media_workers(client)
    client.set(media_link.stream_key(call_id), f"{only.worker} MZ1")
    waiting = after_stream(carrier)
    assert [verb.tag for verb in waiting] == ["Say", "Pause", "Redirect"]
    assert waiting[2].text == "/twilio/resume?attempt=1&holds=1"
    client.delete(media_link.worker_key(only.worker))
    reborn = msgspec.structs.replace(
        only, worker="us-east-reborn", ws_url="ws://reborn/twilio/media"
    )
    client.set(media_link.worker_key(reborn.worker), encode(reborn), ex=600)
    client.sadd(media_link.WORKERS_SET, reborn.worker)
    verbs = after_stream(carrier, holds=1)
    assert [verb.tag for verb in verbs] == ["Connect", "Redirect"]
    assert verbs[0][0].attrib["url"] == reborn.ws_url


def test_without_a_person_a_message_is_taken(carrier: Carrier, plumber: TenantId) -> None:
    """The number has nobody behind it."""
    give_number(plumber, "+12125550102", human_number="")
    form = ringing(dialled="+12125550102")
    media_says(open_call(carrier, form), "transferred")
    assert [verb.tag for verb in after_stream(carrier, form=form)] == ["Say", "Record", "Hangup"]


def test_an_unknown_call_is_refused_politely(carrier: Carrier, plumber: TenantId) -> None:
    """Signed, and nobody's."""
    assert [verb.tag for verb in after_stream(carrier, form=ringing("77"))] == ["Say", "Hangup"]


@pytest.mark.parametrize(
    ("end", "attempt", "has_human", "expected"),
    [
        ("media_failed", 1, True, "stream"),
        ("media_failed", 2, True, "person"),
        ("media_failed", 1, False, "person"),
        ("stream_lost", 2, True, "stream"),
        (None, 3, True, "person"),
        ("transferred", 1, True, "person"),
        ("too_long", 1, True, "hang_up"),
    ],
)
def test_what_follows_a_stream(
    end: EndReason | None, attempt: int, has_human: bool, expected: str
) -> None:
    """The rule as a table."""
    assert decide(end, attempt=attempt, has_human=has_human) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("completed", ["Hangup"]),
        ("no-answer", ["Say", "Record", "Hangup"]),
        ("busy", ["Say", "Record", "Hangup"]),
        ("", ["Hangup"]),
    ],
)
def test_after_a_dial(
    carrier: Carrier, plumber: TenantId, status: str, expected: list[str]
) -> None:
    """A person who talked: the end. Nobody there: a message."""
    open_call(carrier, ringing())
    answered, body = carrier.post("/twilio/dialed", {**ringing(), "DialCallStatus": status})
    assert answered == 200
    assert [verb.tag for verb in ElementTree.fromstring(body)] == expected
