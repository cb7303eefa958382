"""A call rings: what the carrier is told."""

from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import msgspec
import pytest
import redis
from django.db import connections

from inference.fleet import pace_store, snapshots
from inference.fleet.pace import Pace
from telephony import media_link
from telephony.calls import queries
from telephony.control import number_table, regional_redis
from telephony.control import queries as control_queries
from tenants import call_tokens
from tenants.actions import set_limits
from tenants.context import as_tenant
from tests.telephony.conftest import (
    CLINIC,
    EU,
    HUMAN,
    LONDONER,
    PLUMBER,
    SLOTS,
    US,
    Carrier,
    beat,
    give_number,
    ringing,
    warm,
)
from warmline.kernel.call import CallPlan, decode_plan
from warmline.kernel.ids import CallId, TenantId
from warmline.kernel.regions import RegionCode, redis_urls

pytestmark = pytest.mark.django_db


def answer(carrier: Carrier, form: dict[str, str]) -> ElementTree.Element:
    status, body = carrier.post("/twilio/voice", form)
    assert status == 200, body
    return ElementTree.fromstring(body)


def parameters(twiml: ElementTree.Element) -> dict[str, str]:
    return {
        parameter.attrib["name"]: parameter.attrib["value"] for parameter in twiml.iter("Parameter")
    }


def plan(region: RegionCode, call_id: str) -> CallPlan:
    client = regional_redis.client(region)
    assert client is not None
    raw = client.get(media_link.plan_key(call_id))
    assert isinstance(raw, bytes)
    return decode_plan(raw)


def test_an_agent_takes_a_call_to_its_number(carrier: Carrier, plumber: TenantId) -> None:
    """The stream goes to the media process with the call's token, and a redirect stands behind
    it.
    """
    twiml = answer(carrier, ringing())
    assert [verb.tag for verb in twiml] == ["Connect", "Redirect"]
    stream = twiml.find("Connect/Stream")
    assert stream is not None
    assert stream.attrib == {"url": "ws://127.0.0.1:9/us-east/media"}
    call_id = parameters(twiml)["call"]
    laid = plan(US, call_id)
    assert (laid.tenant_id, laid.token, laid.audience) == (
        plumber,
        parameters(twiml)["token"],
        "caller",
    )
    assert laid.agent.greeting == "Hello."
    assert {rung.role for rung in laid.ladder} == {"hear", "think", "speak"}


def test_a_call_is_on_the_list_with_the_reasons_of_its_route(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Region, both scores and the because are kept."""
    answer(carrier, ringing())
    with as_tenant(plumber):
        (line,) = queries.live_calls()
        page = queries.call_page(line.id)
    assert (line.state, line.region, line.from_number) == ("ringing", "us-east", ringing()["From"])
    assert {reason.region for reason in page.routing} == {"us-east", "eu-west"}
    assert page.routing_because.startswith("us-east")


def test_a_caller_is_sent_to_the_near_region_within_the_residency(
    carrier: Carrier, plumber: TenantId, clinic: TenantId
) -> None:
    """London to Dublin; and a New Yorker's call to a clinic whose data stays in the EU, too."""
    to_plumber = answer(carrier, ringing("1", caller=LONDONER))
    to_clinic = answer(carrier, ringing("2", dialled=CLINIC))
    assert plan(EU, parameters(to_plumber)["call"]).region == "eu-west"
    assert plan(EU, parameters(to_clinic)["call"]).region == "eu-west"


@pytest.mark.parametrize(
    ("verstat", "vouched"),
    [("TN-Validation-Passed-A", True), ("", True), ("TN-Validation-Failed-C", False)],
)
def test_the_calls_token_names_the_callers_number_unless_it_is_forged(
    carrier: Carrier, plumber: TenantId, verstat: str, vouched: bool
) -> None:
    """Bookings made from it open to it."""
    twiml = answer(carrier, ringing() | {"StirVerstat": verstat})
    told = parameters(twiml)
    claims = call_tokens.verify(told["token"], CallId(told["call"]))
    assert claims.caller_number == (ringing()["From"] if vouched else "")
    assert len(told["token"]) < 500  # what Twilio takes of a parameter


def test_the_same_call_again_gets_the_same_answer(carrier: Carrier, plumber: TenantId) -> None:
    """Whatever its idempotency token says: the token is not signed."""
    first = carrier.post("/twilio/voice", ringing(), I_Twilio_Idempotency_Token="one")
    second = carrier.post("/twilio/voice", ringing(), I_Twilio_Idempotency_Token="two")
    assert first == second
    with as_tenant(plumber):
        assert len(queries.live_calls()) == 1


def test_ten_copies_at_once_are_one_call(plumber: TenantId) -> None:
    """All ten get the same answer, one row is written, and one slot of each pool is held."""

    def send(_: int) -> tuple[int, str]:
        try:
            return Carrier().post("/twilio/voice", ringing())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as threads:
        answers = set(threads.map(send, range(10)))
    assert len(answers) == 1
    client = regional_redis.client(US)
    assert client is not None
    assert client.zcard("lease:us-east/think/think-model") == 1
    with as_tenant(plumber):
        assert len(queries.live_calls()) == 1


@pytest.mark.parametrize(
    "dialled", ["anonymous", "client:amy", "sip:amy@example.org", "+" + "1" * 20, ""]
)
def test_what_is_no_number_is_refused_politely(
    carrier: Carrier, plumber: TenantId, dialled: str
) -> None:
    """Whatever the carrier puts there."""
    assert [verb.tag for verb in answer(carrier, ringing(dialled=dialled))] == ["Say", "Hangup"]


@pytest.mark.parametrize(
    "caller", ["anonymous", "client:amy", "sip:amy@example.org", "+" + "1" * 20, ""]
)
def test_a_caller_without_a_number_is_answered(
    carrier: Carrier, plumber: TenantId, caller: str
) -> None:
    """And is on the list without one."""
    assert answer(carrier, ringing(caller=caller))[0].tag == "Connect"
    with as_tenant(plumber):
        assert queries.live_calls()[0].from_number == ""


def test_when_one_region_is_full_the_other_takes_the_call(
    carrier: Carrier, plumber: TenantId
) -> None:
    """With the reason among its scores."""
    twimls = [answer(carrier, ringing(str(n))) for n in range(SLOTS + 1)]
    assert plan(EU, parameters(twimls[-1])["call"]).region == "eu-west"


def test_when_every_slot_is_taken_a_person_is_dialled(carrier: Carrier, plumber: TenantId) -> None:
    """Never dead air; and the call says why."""
    for n in range(2 * SLOTS):
        answer(carrier, ringing(str(n)))
    twiml = answer(carrier, ringing("99"))
    assert [verb.tag for verb in twiml] == ["Say", "Dial"]
    assert twiml[1].text == HUMAN
    with as_tenant(plumber):
        newest = queries.live_calls()[0]
        assert "0 of 2 slots free" in queries.call_page(newest.id).handed_because
        assert newest.state == "handed_over"


def test_a_refused_call_holds_no_slot(carrier: Carrier, plumber: TenantId) -> None:
    """A region that lacks one role gives back what it leased of the others."""
    client = regional_redis.client(US)
    assert client is not None
    for n in range(SLOTS):
        client.zadd("lease:us-east/speak/speak-model", {f"other-{n}": 9e12})
    answer(carrier, ringing())
    assert client.zcard("lease:us-east/think/think-model") == 0


def test_without_a_media_process_a_person_is_dialled(carrier: Carrier, plumber: TenantId) -> None:
    """Both regions' media are gone."""
    for region in (US, EU):
        client = regional_redis.client(region)
        assert client is not None
        client.delete(media_link.WORKERS_SET)
    assert [verb.tag for verb in answer(carrier, ringing())] == ["Say", "Dial"]


def test_a_full_media_process_takes_no_call(carrier: Carrier, plumber: TenantId) -> None:
    """The next region's does."""
    beat(US, calls=50, slots=50)
    twiml = answer(carrier, ringing())
    assert plan(EU, parameters(twiml)["call"]).region == "eu-west"


def test_in_shadow_mode_a_person_answers_and_the_agent_listens(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Both tracks are forked; the plan's words go to a screen; no slot for speaking is held."""
    give_number(plumber, "+12125550101", mode="shadow")
    twiml = answer(carrier, ringing(dialled="+12125550101"))
    assert [verb.tag for verb in twiml] == ["Start", "Dial"]
    assert twiml.find("Start/Stream").attrib["track"] == "both_tracks"  # type: ignore[union-attr]
    assert twiml[1].text == HUMAN
    laid = plan(US, parameters(twiml)["call"])
    assert laid.audience == "screen"
    assert not any("speak" in name for name in laid.leases)


def test_a_company_with_all_its_calls_going_on_gets_a_person(
    carrier: Carrier, clinic: TenantId
) -> None:
    """Its limit is its own; others are not disturbed."""
    from tenants.actions import create_tenant

    create_tenant("lakeside", name="Lakeside Clinic", vertical="healthcare", max_concurrent_calls=1)
    with as_tenant(clinic):
        number_table.refresh()
    assert answer(carrier, ringing("1", dialled=CLINIC))[0].tag == "Connect"
    assert [verb.tag for verb in answer(carrier, ringing("2", dialled=CLINIC))] == ["Say", "Dial"]


def test_while_slots_are_short_a_company_over_its_share_gets_a_person(
    carrier: Carrier, plumber: TenantId, clinic: TenantId
) -> None:
    """The call says what is full and whose share is used up; the clinic is still answered where the
    plumber is not.
    """
    warm(slots=4)
    assert answer(carrier, ringing("1", dialled=CLINIC))[0].tag == "Connect"
    taken = [answer(carrier, ringing(str(n))) for n in range(2, 8)]
    assert {twiml[0].tag for twiml in taken} == {"Connect"}
    assert [verb.tag for verb in answer(carrier, ringing("99"))] == ["Say", "Dial"]
    with as_tenant(plumber):
        because = queries.call_page(queries.live_calls()[0].id).handed_because
    assert because == (
        "us-east: hear is full: 0 of 4 slots free; "
        "eu-west: hear: this company holds 2 of 4 slots, its fair share is 2 while slots are short"
    )
    assert answer(carrier, ringing("100", dialled=CLINIC))[0].tag == "Connect"


def test_callers_whom_nobody_would_answer_in_time_are_sent_on_and_told_why(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Slots are free, but calls wait too long: two are served in time, the third gets a person."""
    warm(slots=4)
    for region, url in redis_urls().items():
        pace = Pace(1, "calls waited 2.5 s for it with 4 held, not 0.8 s", 0.0)
        with redis.Redis.from_url(url) as client:
            for pool in snapshots.current().pools:
                if pool.region == region and pool.role == "hear":
                    client.set(pace_store.pace_key(pool.name), msgspec.json.encode(pace))
    taken = [answer(carrier, ringing(str(n))) for n in range(2)]
    assert {twiml[0].tag for twiml in taken} == {"Connect"}
    assert [verb.tag for verb in answer(carrier, ringing("99"))] == ["Say", "Dial"]
    with as_tenant(plumber):
        because = queries.call_page(queries.live_calls()[0].id).handed_because
    assert "hear answers no more calls in time: 1 of its slots are used" in because
    assert "calls waited 2.5 s" in because


def test_a_companys_weight_is_in_the_number_table_and_counts_there(
    carrier: Carrier, plumber: TenantId, clinic: TenantId
) -> None:
    """Of four slots three are the plumber's once it counts three times."""
    set_limits("rivertown", call_weight=3)
    with as_tenant(plumber):
        number_table.refresh()
    warm(slots=4)
    answer(carrier, ringing("1", dialled=CLINIC))
    taken = [answer(carrier, ringing(str(n), caller=LONDONER)) for n in range(2, 6)]
    assert [plan(EU, parameters(twiml)["call"]).region for twiml in taken[:3]] == ["eu-west"] * 3
    assert plan(US, parameters(taken[3])["call"]).region == "us-east"


def test_a_table_of_an_older_version_is_read_with_weight_one(
    carrier: Carrier, plumber: TenantId
) -> None:
    """It lies in Redis while web processes are replaced."""
    client = regional_redis.client(US)
    assert client is not None
    raw = client.get(number_table.number_key(PLUMBER))
    assert isinstance(raw, bytes)
    entry = msgspec.json.decode(raw, type=dict)
    del entry["call_weight"]
    client.set(number_table.number_key(PLUMBER), msgspec.json.encode(entry))
    known = number_table.lookup(PLUMBER)
    assert known is not None
    assert known.call_weight == 1


def test_a_number_in_use_cannot_be_claimed_by_another_company(
    plumber: TenantId, clinic: TenantId
) -> None:
    """The first one keeps it."""
    from warmline.kernel.errors import BadInput

    with pytest.raises(BadInput, match="in use"):
        give_number(clinic, PLUMBER)


def test_a_new_version_speaks_from_the_next_call_on(carrier: Carrier, plumber: TenantId) -> None:
    """The number table follows its commit."""
    give_number(plumber, PLUMBER, greeting="Good morning.")
    assert (
        plan(US, parameters(answer(carrier, ringing()))["call"]).agent.greeting == "Good morning."
    )


def test_a_number_that_the_table_has_lost_is_found_in_postgres(
    carrier: Carrier, plumber: TenantId
) -> None:
    """And is in the table again."""
    number_table.forget(PLUMBER)
    assert answer(carrier, ringing())[0].tag == "Connect"
    assert number_table.lookup(PLUMBER) is not None


def test_a_number_that_was_given_up_is_not_answered_by_an_old_table(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Postgres is the truth."""
    with as_tenant(plumber):
        control_queries.numbers()[0].delete()
    assert [verb.tag for verb in answer(carrier, ringing())] == ["Say", "Hangup"]
    assert number_table.lookup(PLUMBER) is None


def test_a_copy_gives_back_what_it_took(carrier: Carrier, plumber: TenantId) -> None:
    """One slot is held, one plan lies there."""
    for _ in range(3):
        answer(carrier, ringing())
    client = regional_redis.client(US)
    assert client is not None
    assert client.zcard("lease:us-east/think/think-model") == 1
    assert len(client.keys("call:*:plan")) == 1
