"""Every story of a call, told by every carrier: the same questions, the same decisions.

One carrier is Twilio, the other is plugged in by its folder alone (tests/fakes/carriers).
"""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from telephony import media_link
from telephony.calls import queries
from telephony.carriers import registry
from telephony.control import webhook_spool
from telephony.models import Call
from telephony.recorder.draining import Drain
from telephony.recorder.writing import write_webhooks
from telephony.types import BROWSER
from tenants.context import as_tenant
from tests.telephony.carriers.drivers import STATUSES, Answer, Driver, TandemDriver, TwilioDriver
from tests.telephony.carriers.test_signature import traces
from tests.telephony.conftest import (
    CLINIC,
    EU,
    HUMAN,
    LONDONER,
    NEW_YORKER,
    SLOTS,
    US,
    beat,
    every_redis,
    give_number,
)
from tests.telephony.control.test_database_breaker import no_postgres
from tests.telephony.control.test_lost_region import lose_media, lose_redis, plan_in, redis_of
from warmline.kernel.call import EndReason
from warmline.kernel.ids import CallId, TenantId

pytestmark = pytest.mark.django_db

SHADOWED, UNATTENDED, NOBODYS = "+12125550101", "+12125550102", "+12125559999"
DRIVERS: dict[str, Callable[[], Driver]] = {"twilio": TwilioDriver, "tandem": TandemDriver}


class NamesakeDriver(TandemDriver):
    """Tandem, should it give its calls the ids that Twilio gives."""

    def call_id(self, call: int) -> str:
        return TwilioDriver().call_id(call)


@pytest.fixture(params=sorted(DRIVERS))
def carrier(request: pytest.FixtureRequest) -> Driver:
    """Each carrier in turn."""
    return DRIVERS[request.param]()


@pytest.fixture(autouse=True)
def _media_sockets(warm_regions: None) -> None:
    """Both regions' media processes name one of their sockets, as they do where they run."""
    for region in (US, EU):
        beat(region, slots=1_000_000, ws_url=f"wss://media.{region}.example/twilio/media")


def row(tenant_id: TenantId) -> Call:
    """The tenant's newest call."""
    with as_tenant(tenant_id):
        return Call.objects.latest("id")


def media_ended(answer: Answer, reason: EndReason) -> None:
    """The media process says why it ended the call."""
    redis_of(US).set(media_link.ended_key(answer.parameters["call"]), reason)


def drain_spools() -> None:
    """The recorder writes what waits."""
    for redis in every_redis():
        Drain(redis, webhook_spool.STREAM, "one", write_webhooks).step(block_ms=None)


def test_there_are_two_carriers_and_each_has_its_stories() -> None:
    """What is plugged in is told here, or this test says so; only one is in the product. A browser
    calls from a page and has no webhooks: test_page_calls tells of it.
    """
    assert set(registry.names()) - {BROWSER} == set(DRIVERS)
    product = Path(registry.__file__).parent
    assert [name for name in DRIVERS if (product / name).is_dir()] == ["twilio"]


def test_an_agent_takes_the_call(carrier: Driver, plumber: TenantId) -> None:
    """The audio goes to the carrier's own socket in the near region, with the call's token."""
    answer = carrier.ring()
    plan = plan_in(US, CallId(answer.parameters["call"]))
    assert answer.steps == ("stream",)
    assert answer.url == f"wss://media.us-east.example/{carrier.name}/media"
    assert answer.parameters == {"call": plan.call_id, "token": plan.token}
    assert (plan.carrier, plan.carrier_call_id) == (carrier.name, carrier.call_id(1))
    assert answer.asks_next == (1, 0)


def test_the_call_is_on_the_list_under_its_carrier(carrier: Driver, plumber: TenantId) -> None:
    """Found by the carrier's id, and by no other carrier's."""
    carrier.ring()
    call = row(plumber)
    assert (call.carrier, call.carrier_call_id) == (carrier.name, carrier.call_id(1))
    assert (call.state, call.from_number, call.region) == ("ringing", NEW_YORKER, US)
    with as_tenant(plumber):
        assert queries.call_by_carrier(carrier.call_id(1), carrier="another") is None


def test_the_same_call_again_gets_the_same_answer(carrier: Driver, plumber: TenantId) -> None:
    """Word for word, and it is one call."""
    assert carrier.ring() == carrier.ring()
    with as_tenant(plumber):
        assert len(queries.live_calls()) == 1


def test_a_call_of_the_same_id_at_another_carrier_is_another_call(
    plumber: TenantId, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each carrier names its calls as it likes, and is answered on its own wire."""
    twilio, tandem = TwilioDriver(), NamesakeDriver()
    rings = [(carrier, carrier.ring()) for carrier in (twilio, tandem)]
    for carrier, answer in rings:
        plan = plan_in(US, CallId(answer.parameters["call"]))
        assert (plan.carrier, plan.carrier_call_id) == (carrier.name, twilio.call_id(1))
    with no_postgres(postgres_server):
        assert [carrier.ring() for carrier, _ in rings] == [answer for _, answer in rings]
        lose_redis(monkeypatch, US)
        for carrier, answer in rings:
            moved = carrier.stream_ended()
            assert moved.url == f"wss://media.eu-west.example/{carrier.name}/media"
            assert moved.parameters["call"] == answer.parameters["call"]


def test_without_postgres_the_call_is_answered_the_same(
    carrier: Driver, plumber: TenantId, postgres_server: str
) -> None:
    """It is written when Postgres is back, under its carrier, and a copy still gets its answer."""
    with no_postgres(postgres_server):
        answer = carrier.ring()
        assert answer.steps == ("stream",)
        assert carrier.ring() == answer
        carrier.report("ringing")
    drain_spools()
    assert row(plumber).carrier == carrier.name
    assert carrier.ring() == answer


def test_when_every_slot_is_taken_a_person_is_dialled(carrier: Driver, plumber: TenantId) -> None:
    """After a sentence, and the call's page says why."""
    for call in range(2, 2 + 2 * SLOTS):
        carrier.ring(call)
    answer = carrier.ring()
    assert answer.steps == ("say", "dial")
    assert answer.dialled == HUMAN
    assert row(plumber).state == "handed_over"


def test_without_agent_and_person_a_message_is_taken(carrier: Driver, plumber: TenantId) -> None:
    """The caller is never left with silence."""
    give_number(plumber, UNATTENDED, human_number="")
    lose_media(US)
    lose_media(EU)
    answer = carrier.ring(dialled=UNATTENDED)
    assert answer.steps == ("say", "record")
    assert "leave a message" in answer.said


def test_in_shadow_mode_both_voices_are_forked_and_a_person_answers(
    carrier: Driver, plumber: TenantId
) -> None:
    """Nothing is said to the caller, and no question follows the stream."""
    give_number(plumber, SHADOWED, mode="shadow")
    answer = carrier.ring(dialled=SHADOWED)
    assert answer.steps == ("fork", "dial")
    assert (answer.dialled, answer.both_tracks, answer.asks_next) == (HUMAN, True, None)
    assert plan_in(US, CallId(answer.parameters["call"])).audience == "screen"


def test_a_number_that_is_nobodys_is_refused_politely(carrier: Driver, plumber: TenantId) -> None:
    """A sentence, then the end."""
    assert carrier.ring(dialled=NOBODYS).steps == ("say", "hang up")


def test_a_forged_call_is_refused_and_leaves_a_trace(carrier: Driver, plumber: TenantId) -> None:
    """It does nothing else."""
    assert carrier.forge() == 403
    assert len(traces()) == 1
    with as_tenant(plumber):
        assert queries.live_calls() == ()


def test_a_lost_stream_is_opened_again(carrier: Driver, plumber: TenantId) -> None:
    """The same call, token and socket; the same question again disturbs nothing."""
    first = carrier.ring()
    again = carrier.stream_ended()
    assert (again.steps, again.asks_next) == (("stream",), (2, 0))
    assert (again.url, again.parameters) == (first.url, first.parameters)
    key = media_link.stream_key(first.parameters["call"])
    redis_of(US).set(key, "us-east-1 living")
    assert carrier.stream_ended() == again
    assert redis_of(US).get(key) == b"us-east-1 living"


def test_after_three_streams_a_person_takes_over(carrier: Driver, plumber: TenantId) -> None:
    """The third one was the last."""
    carrier.ring()
    steps = [carrier.stream_ended(attempt=attempt).steps for attempt in (1, 2, 3)]
    assert steps == [("stream",), ("stream",), ("say", "dial")]


def test_the_caller_holds_and_then_the_next_region_goes_on(
    carrier: Driver, plumber: TenantId
) -> None:
    """One wait for a media process, told once; then the call fails over, under its own id."""
    call_id = CallId(carrier.ring().parameters["call"])
    lose_media(US)
    held = carrier.stream_ended()
    assert (held.steps, held.asks_next) == (("say", "wait"), (1, 1))
    moved = carrier.stream_ended(holds=1)
    assert (moved.steps, moved.asks_next) == (("stream",), (2, 0))
    assert moved.url == f"wss://media.eu-west.example/{carrier.name}/media"
    assert moved.parameters == {"call": call_id, "token": plan_in(EU, call_id).token}
    assert plan_in(EU, call_id).carrier == carrier.name
    assert row(plumber).region == EU


def test_when_a_regions_redis_is_lost_the_same_question_gets_the_same_answer(
    carrier: Driver, plumber: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the region is back by then: the call is in one region."""
    carrier.ring()
    with monkeypatch.context() as away:
        lose_redis(away, US)
        moved = carrier.stream_ended()
        assert moved.url == f"wss://media.eu-west.example/{carrier.name}/media"
        assert carrier.stream_ended() == moved
    assert carrier.stream_ended() == moved


def test_without_postgres_a_lost_stream_is_opened_again(
    carrier: Driver, plumber: TenantId, postgres_server: str
) -> None:
    """The call is remembered beside its plan."""
    carrier.ring()
    with no_postgres(postgres_server):
        assert carrier.stream_ended().steps == ("stream",)


def test_after_the_agents_goodbye_the_carrier_hangs_up(carrier: Driver, plumber: TenantId) -> None:
    """Nothing more is said."""
    media_ended(carrier.ring(), "agent_said_goodbye")
    assert carrier.stream_ended().steps == ("hang up",)


def test_a_transferred_caller_talks_to_a_person(carrier: Driver, plumber: TenantId) -> None:
    """Put through without a word; the call ends as the agent's transfer."""
    media_ended(carrier.ring(), "transferred")
    answer = carrier.stream_ended()
    assert (answer.steps, answer.dialled) == (("dial",), HUMAN)
    assert row(plumber).state == "handed_over"
    assert carrier.dial_ended(talked=True).steps == ("hang up",)
    carrier.report("completed")
    assert (row(plumber).state, row(plumber).end_reason) == ("ended", "transferred")


def test_a_person_who_never_picks_up_leaves_a_message_to_be_taken(
    carrier: Driver, plumber: TenantId
) -> None:
    """Busy, or nobody there."""
    carrier.ring()
    assert carrier.dial_ended(talked=False).steps == ("say", "record")


def test_a_call_that_nobody_knows_is_refused_politely(carrier: Driver, plumber: TenantId) -> None:
    """Signed, and no call of ours."""
    assert carrier.stream_ended(77).steps == ("say", "hang up")


def test_every_order_of_the_reports_ends_the_same(carrier: Driver, plumber: TenantId) -> None:
    """All twenty-four, each report twice."""
    ends = set()
    for call, order in enumerate(permutations(STATUSES), start=1):
        carrier.ring(call)
        for status in (*order, *order):
            carrier.report(status, call)
        ended = row(plumber)
        ends.add((ended.state, ended.end_reason, ended.answered_at, ended.ended_at))
    assert len(ends) == 1
    assert next(iter(ends))[:2] == ("ended", "caller_hung_up")


def test_an_ended_call_gives_its_slots_back(carrier: Driver, plumber: TenantId) -> None:
    """The carrier's word is enough."""
    leases = plan_in(US, CallId(carrier.ring().parameters["call"])).leases
    assert [redis_of(US).zcard(f"lease:{name}") for name in leases] == [1, 1, 1]
    carrier.report("completed")
    assert [redis_of(US).zcard(f"lease:{name}") for name in leases] == [0, 0, 0]


def test_a_word_that_nobody_knows_changes_nothing(carrier: Driver, plumber: TenantId) -> None:
    """The carrier may invent one."""
    carrier.ring()
    carrier.report("meditating")
    assert row(plumber).state == "ringing"


def test_a_report_for_another_companys_call_changes_nothing(
    carrier: Driver, plumber: TenantId, clinic: TenantId
) -> None:
    """The call belongs to the number that was dialled."""
    carrier.ring()
    carrier.report("completed", dialled=CLINIC)
    assert row(plumber).state == "ringing"
    with as_tenant(clinic):
        assert queries.live_calls() == ()


def test_a_report_before_its_call_waits_for_it(carrier: Driver, plumber: TenantId) -> None:
    """It is written once the call has its row."""
    carrier.report("completed")
    assert sum(redis.xlen(webhook_spool.STREAM) for redis in every_redis()) == 1
    carrier.ring()
    drain_spools()
    assert row(plumber).state == "ended"


def test_an_answer_that_an_older_version_remembered_is_given_again(
    carrier: Driver, plumber: TenantId
) -> None:
    """It is kept as the carrier was sent it, so a new version need not understand it."""
    carrier.ring()
    with as_tenant(plumber):
        call = Call.objects.get()
    for redis in every_redis():
        redis.set(f"call:{call.pk}:resumed:1.0", carrier.ring().document)
    assert carrier.stream_ended() == carrier.ring()


def test_a_londoner_is_sent_to_the_near_region(carrier: Driver, plumber: TenantId) -> None:
    """The caller's number is parsed from either wire."""
    answer = carrier.ring(caller=LONDONER)
    assert plan_in(EU, CallId(answer.parameters["call"])).caller_number == LONDONER
    assert row(plumber).from_number == LONDONER
