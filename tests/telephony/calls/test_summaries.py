"""What a model makes of a call: held against what was said, and never at a caller's cost."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.fleet import snapshots
from inference.types import Pool, Replica, Snapshot, pool_name
from telephony.calls import queries
from telephony.calls.listing import indexing
from telephony.calls.summaries import actions, asking
from telephony.calls.summaries.evidence import Answer, Quoted, verified_fields, verified_summary
from telephony.calls.summaries.parts import PART_CHARACTERS, Known, part_from, pieces_of
from telephony.calls.types import TranscriptLine
from telephony.errors import BadSummary, NoSpareModel, TalkTooLong
from telephony.models import CallSummary
from telephony.tasks import summarise_calls
from tenants.context import as_control, as_tenant
from tenants.models import WebhookEvent
from tests.fakes.replicas import Script, StubReplica
from tests.shadow.conftest import plumber, shadowed_call, signed_in  # noqa: F401  fixture
from tests.telephony.conftest import REGIONS, US
from warmline.kernel import clock
from warmline.kernel.call import CallAnswered, CallEnded, CallerTurn
from warmline.kernel.ids import ReplicaId, TenantId
from warmline.kernel.vertical import ExtractionField

NAME = ExtractionField("name", "the caller's name")
URGENT = ExtractionField("urgent", "whether it is urgent", "yes_no")


def said(text: str, *, speaker: Any = "caller", at_ms: float = 0.0) -> TranscriptLine:
    return TranscriptLine(1, speaker, text, text, False, at_ms, False, None)


LINES = (
    said("my name is Mary Jones and my boiler is leaking"),
    said("I will send somebody on friday", speaker="agent", at_ms=2000.0),
)


@pytest.mark.parametrize(
    ("field", "quoted", "value", "why"),
    [
        (NAME, Quoted("mary jones", 1, "my name is mary jones"), "mary jones", ""),
        (NAME, Quoted("Mary Jones.", 1, "Mary Jones"), "Mary Jones.", ""),
        (NAME, None, None, "not said"),
        (NAME, Quoted("John", 1, "my name is Mary Jones"), None, "the value is not in the quote"),
        (NAME, Quoted("John", 1, "my name is John"), None, "the quote was not said"),
        (NAME, Quoted("Mary Jones", 2, "Mary Jones"), None, "the quote was not said"),
        (NAME, Quoted("ary", 1, "ary"), None, "the quote was not said"),
        (NAME, Quoted("Mary Jones", 3, "Mary Jones"), None, "no such line"),
        (NAME, Quoted("Mary Jones", -1, "Mary Jones"), None, "no such line"),
        (NAME, Quoted("", 1, "Mary"), None, "the value is not in the quote"),
        (NAME, Quoted("Mary", 1, ""), None, "the quote was not said"),
        (NAME, Quoted(True, 1, "Mary"), None, "the value is of another type"),
        (URGENT, Quoted(True, 1, "is leaking"), "yes", ""),
        (URGENT, Quoted(False, 2, "on friday"), "no", ""),
        (URGENT, Quoted("yes", 1, "is leaking"), None, "the value is of another type"),
    ],
)
def test_a_value_stands_on_words_that_were_said(
    field: ExtractionField, quoted: Quoted | None, value: str | None, why: str
) -> None:
    """Else there is none, and why."""
    (kept,) = verified_fields([field], {field.name: quoted}, LINES)
    assert (kept.value, kept.why) == (value, why)
    assert (kept.at_ms is None) == (value is None)


@given(st.text(max_size=40), st.integers(-3, 5), st.text(max_size=40))
def test_nothing_invented_is_ever_kept(value: str, line: int, quote: str) -> None:
    """Whatever a model answers, a value that is kept was said."""
    (kept,) = verified_fields([NAME], {"name": Quoted(value, line, quote)}, LINES)
    if kept.value is not None:
        talk = " ".join(spoken.heard for spoken in LINES).casefold()
        assert all(word.casefold() in talk for word in kept.quote.split() if word.isalnum())


@pytest.mark.parametrize(
    ("summary", "is_kept"),
    [
        ("Mary Jones called about a leaking boiler. Somebody is sent on Friday.", True),
        ("The boiler of Mary Jones is leaking, and it will cost 150 dollars.", False),
        ("A man ordered three pizzas with extra cheese.", False),
        ("", False),
        ("the caller asked", False),
    ],
)
def test_a_summary_speaks_of_this_call(summary: str, is_kept: bool) -> None:
    """In words that were said, with no figure that was not."""
    assert bool(verified_summary(summary, LINES)) is is_kept


def snapshot(url: str, *, held: int = 0, **pool: Any) -> Snapshot:
    """One think replica of four slots."""
    pools = (Pool(US, "think", "m", 4, held=held, **pool),)
    replica = Replica(
        id=ReplicaId("r"),
        pool=pool_name(US, "think", "m"),
        region=US,
        role="think",
        model="m",
        base_url=url,
        state="warm",
        slots=4,
        since=datetime.now(UTC),
    )
    return Snapshot(
        int(clock.monotonic_ms() * 1000) + 10**13,
        datetime.now(UTC),
        regions=REGIONS,
        pools=pools,
        replicas=(replica,),
    )


def test_calls_come_first() -> None:
    """A pool that calls need is not asked, nor a provider's, nor one out of the residency."""
    url = "http://replica/v1"
    place = asking.spare_place(snapshot(url, held=2), residency="anywhere")
    assert place.url == "http://replica/v1/chat/completions"
    for refused, residency in (
        (snapshot(url, held=3), "anywhere"),
        (snapshot(url, purpose="hosted"), "anywhere"),
        (snapshot(url), "eu"),
    ):
        with pytest.raises(NoSpareModel):
            asking.spare_place(refused, residency=residency)


@pytest.fixture
def replica() -> Iterator[StubReplica]:
    """A think replica on a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stub = asyncio.run_coroutine_threadsafe(StubReplica(Script()).start(), loop).result(10)
    yield stub
    asyncio.run_coroutine_threadsafe(stub.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def call_id(
    empty_valkey: str,
    replica: StubReplica,
    plumber: TenantId,
) -> UUID:
    """A call that has just ended and waits for its summary."""
    snapshots.put(snapshot(f"{replica.url}/v1"))
    snapshots.forget()
    call_id = shadowed_call(plumber)
    with as_tenant(plumber):
        CallSummary.objects.create(call_id=call_id)
    return call_id


def answers(replica: StubReplica, answer: Any) -> None:
    replica.script.answer = lambda _: answer if isinstance(answer, str) else json.dumps(answer)


def page(tenant_id: TenantId, call_id: UUID) -> Any:
    with as_tenant(tenant_id):
        return queries.call_page(call_id).summary


GOOD = {
    "summary": "Mary Jones asked for a water heater repair on Friday at nine.",
    "fields": {
        "customer_name": {"value": "mary jones", "line": 4, "quote": "my name is mary jones"},
        "service": {"value": "gas leak", "line": 4, "quote": "gas leak"},
        "address": None,
        "preferred_time": {"value": "friday at nine", "line": 4, "quote": "friday at nine"},
        "is_urgent": None,
    },
}


@pytest.mark.django_db
def test_a_call_is_summarised_after_its_end(
    replica: StubReplica,
    plumber: TenantId,
    call_id: UUID,
) -> None:
    """What was said is kept with its place, what was made up is not; it is told once."""
    answers(replica, GOOD)
    with as_control():
        summarise_calls.run()
        summarise_calls.run()
    kept = page(plumber, call_id)
    assert (kept.state, kept.summary) == ("done", GOOD["summary"])
    values = {field.name: field.value for field in kept.fields}
    assert values == {
        "customer_name": "mary jones",
        "service": None,
        "address": None,
        "preferred_time": "friday at nine",
        "is_urgent": None,
    }
    (request,) = replica.requests
    pattern = request["structured_outputs"]["regex"]
    assert re.fullmatch(pattern, json.dumps(GOOD, separators=(",", ":")))
    assert not re.fullmatch(pattern, json.dumps(GOOD))
    shown = signed_in(plumber, role="viewer").get(f"/calls/{call_id}").content.decode()
    assert '<q class="soft small">my name is mary jones</q>' in shown
    assert "the quote was not said" in shown
    with as_tenant(plumber):
        (event,) = WebhookEvent.objects.filter(type="call.outcome")
        assert event.data["call"]["id"] == str(call_id)


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["no JSON", "[]", '{"summary": 1}', "", '{"fields": {}}'])
def test_a_model_that_talks_nonsense_is_asked_again_later_and_then_no_more(
    replica: StubReplica,
    plumber: TenantId,
    call_id: UUID,
    answer: str,
) -> None:
    """Nothing is kept of it; after five tries it is parked with its reason."""
    answers(replica, answer)
    for _ in range(actions.MOST_TRIES):
        actions.summarise(plumber, call_id)
    assert (page(plumber, call_id).state, page(plumber, call_id).summary) == ("failed", "")
    actions.summarise(plumber, call_id)
    assert len(replica.requests) == actions.MOST_TRIES
    with as_tenant(plumber):
        assert "not as asked" in CallSummary.objects.get().why


@pytest.mark.django_db
def test_while_calls_need_the_models_summaries_wait(
    replica: StubReplica,
    plumber: TenantId,
    call_id: UUID,
) -> None:
    """That is no try; a call without a word of the caller's has none."""
    snapshots.put(snapshot(f"{replica.url}/v1", held=4))
    snapshots.forget()
    with as_control():
        summarise_calls.run()
    assert page(plumber, call_id).state == "waiting"
    with as_tenant(plumber):
        assert CallSummary.objects.get().tries == 0
        indexing.index_calls(before=clock.now(), limit=10)
        assert CallSummary.objects.count() == 1
    assert replica.requests == []


@pytest.mark.django_db
def test_a_model_that_does_not_answer_is_a_try(
    replica: StubReplica,
    plumber: TenantId,
    call_id: UUID,
) -> None:
    """Another call is not kept waiting for ever."""
    replica.script.faults = ["refuse"]
    actions.summarise(plumber, call_id)
    with as_tenant(plumber):
        row = CallSummary.objects.get()
    assert (row.state, row.tries) == ("waiting", 1)
    assert "gave no answer" in row.why


LONG_TALK = tuple(f"and then there is the matter of the tap number {n} " * 6 for n in range(40))
FIRST_WORDS = "my name is mary jones"
LAST_WORDS = "no please make that saturday at ten"


@pytest.fixture
def long_call_id(empty_valkey: str, replica: StubReplica, plumber: TenantId) -> UUID:
    """A call of some 12,000 characters, whose last words take its first ones back."""
    snapshots.put(snapshot(f"{replica.url}/v1"))
    snapshots.forget()
    words = (f"{FIRST_WORDS} and friday at nine suits me", *LONG_TALK, LAST_WORDS)
    turns = [
        CallerTurn(turn, text, turn * 1000.0, turn * 1000.0 + 500)
        for turn, text in enumerate(words, start=1)
    ]
    beginning, end = CallAnswered("MZ1", "media-1", "caller"), CallEnded("caller_hung_up", 600.0)
    call_id = shadowed_call(plumber, (beginning, *turns, end))
    with as_tenant(plumber):
        CallSummary.objects.create(call_id=call_id)
    return call_id


def reads_what_it_is_shown(messages: list[dict[str, Any]]) -> str:
    """A model that finds in a part what stands there, and sums up what it was reminded of too."""
    shown = messages[1]["content"]
    looked_for = {
        "customer_name": ("mary jones", FIRST_WORDS),
        "preferred_time": ("friday at nine", "friday at nine suits me"),
    }
    if LAST_WORDS in shown:
        looked_for["preferred_time"] = ("saturday at ten", LAST_WORDS)
    fields: dict[str, Any] = dict.fromkeys(
        ("customer_name", "service", "address", "preferred_time", "is_urgent")
    )
    for name, (value, quote) in looked_for.items():
        line = re.search(rf"^(\d+) caller: .*{quote}", shown, re.MULTILINE)
        if line is not None:
            fields[name] = {"value": value, "line": int(line[1]), "quote": quote}
    before = re.search("<before>\n(.*)\n", shown)
    summary = before[1] if before else "mary jones"
    if LAST_WORDS in shown:
        summary += " wants saturday at ten"
    return json.dumps({"summary": summary, "fields": fields})


def read_whole(tenant_id: TenantId, call_id: UUID) -> Any:
    """The call's summary once its turns are over: each reads some parts."""
    for _ in range(10):
        actions.summarise(tenant_id, call_id)
    return page(tenant_id, call_id)


@pytest.mark.django_db
@pytest.mark.parametrize("room", [10**6, 2700])
def test_a_long_call_is_summarised_whole(
    replica: StubReplica, plumber: TenantId, long_call_id: UUID, room: int
) -> None:
    """Every line is read, by a model with less room too; what is said last counts, and each value
    has the place at which it was said.
    """
    replica.script.answer = reads_what_it_is_shown
    replica.script.most_characters = room
    kept = read_whole(plumber, long_call_id)
    assert (kept.state, kept.summary) == ("done", "mary jones wants saturday at ten")
    found = {field.name: field for field in kept.fields if field.value is not None}
    assert {name: field.value for name, field in found.items()} == {
        "customer_name": "mary jones",
        "preferred_time": "saturday at ten",
    }
    with as_tenant(plumber):
        first, *_, last = queries.call_page(long_call_id).transcript
    places = [found[name].at_ms for name in ("customer_name", "preferred_time")]
    assert [first.at_ms, last.at_ms] == places
    assert first.at_ms < last.at_ms
    shown = "".join(request["messages"][1]["content"] for request in replica.requests)
    assert all(f"the tap number {n} and" in shown for n in range(40))
    with as_tenant(plumber):
        (event,) = WebhookEvent.objects.filter(type="call.outcome")
    assert event.data["summary"] == kept.summary


@pytest.mark.django_db
def test_a_long_call_waits_with_what_was_read_while_calls_need_the_models(
    replica: StubReplica, plumber: TenantId, long_call_id: UUID
) -> None:
    """Nothing is shown of it until all was read, and nothing is read twice."""

    def answer_and_be_busy(messages: list[dict[str, Any]]) -> str:
        snapshots.put(snapshot(f"{replica.url}/v1", held=4))
        snapshots.forget()
        return reads_what_it_is_shown(messages)

    replica.script.answer = answer_and_be_busy
    with as_control():
        summarise_calls.run()
    assert len(replica.requests) == 1
    waiting = page(plumber, long_call_id)
    assert (waiting.state, waiting.summary, waiting.fields) == ("waiting", "", ())
    replica.script.answer = reads_what_it_is_shown
    snapshots.put(snapshot(f"{replica.url}/v1"))
    snapshots.forget()
    assert read_whole(plumber, long_call_id).summary == "mary jones wants saturday at ten"
    begins = [FIRST_WORDS in request["messages"][1]["content"] for request in replica.requests]
    assert begins == [True] + [False] * (len(begins) - 1)


@given(st.lists(st.text(max_size=2000), max_size=12), st.sampled_from(PART_CHARACTERS))
def test_parts_hold_every_word_once(texts: list[str], characters: int) -> None:
    """In order, none larger than a model has room for."""
    lines = [said(text, at_ms=float(n)) for n, text in enumerate(texts) if text.strip()]
    pieces = pieces_of(lines)
    read = 0
    while read < len(pieces):
        part = part_from(pieces, read, characters=characters)
        assert part
        assert sum(len(piece.heard) for piece in part) <= characters
        read += len(part)
    for line in lines:
        own = [piece.heard for piece in pieces if piece.at_ms == line.at_ms]
        assert "".join("".join(own).split()) == "".join(line.heard.split())


@pytest.mark.engine
def test_a_real_engine_holds_to_the_form(llm_url: str) -> None:
    """vLLM writes the answer within it, whatever the model knows."""
    place = asking.Place(f"{llm_url}/chat/completions", "frontdesk", None)
    try:
        answer = asking.asked(place, lines=LINES, schema=[NAME, URGENT], known=Known())
    except BadSummary as error:
        pytest.fail(str(error))
    assert isinstance(answer, Answer)
    assert set(answer.fields) == {"name", "urgent"}
    for field in verified_fields([NAME, URGENT], answer.fields, LINES):
        assert field.value is None or field.quote


@pytest.mark.engine
def test_a_real_engine_refuses_what_it_has_no_room_for(llm_url: str) -> None:
    """So that a smaller part is asked: of such words a character is more than a token."""
    place = asking.Place(f"{llm_url}/chat/completions", "frontdesk", None)
    strange = [said("東京 €7 xqzt 0x7f3 " * 30) for _ in range(8)]
    with pytest.raises(TalkTooLong):
        asking.asked(place, lines=strange, schema=[NAME], known=Known())
    part = part_from(pieces_of(strange), 0, characters=PART_CHARACTERS[-1])
    assert isinstance(asking.asked(place, lines=part, schema=[NAME], known=Known()), Answer)
