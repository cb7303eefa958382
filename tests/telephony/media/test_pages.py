"""A page as the other end: a ticket opens its stream once, and it is shown what is said."""

import time

from telephony.carriers import registry
from tests.fakes.replicas import asks_tool
from tests.telephony.carriers.streams import BrowserStream
from tests.telephony.media.caller import Caller, voice
from tests.telephony.media.plane import Plane
from warmline.kernel.call import CallEnded, CallerTurn, CallPlan, SentenceHeard, ToolReturned


def page(plane: Plane, call: CallPlan, *, token: str = "") -> Caller:
    """The stream of a page that holds the call's ticket, or something else."""
    url = registry.media_url(plane.ws_url, carrier="browser")
    return Caller(url, call=call.call_id, token=token or call.ticket, stream=BrowserStream)


def answered(plane: Plane, *, seconds: float = 60.0) -> CallPlan:
    """A call that a page began."""
    until = time.time() + seconds
    return plane.answer_call(ticket="a-ticket", ticket_until=until, greeting="Hello there.")


async def test_a_page_is_shown_what_both_say(plane: Plane) -> None:
    """The greeting, the caller's words and the answer, in the order in which they were said."""
    call = answered(plane)
    async with page(plane, call) as line:
        await line.quiet()
        await line.say(voice("question"))
        await plane.happened(call, SentenceHeard, times=2)
        assert line.told[0] == {"event": "ready", "over": "socket"}
        said = [(told["who"], told["text"]) for told in line.told if told["event"] == "said"]
    assert said[0] == ("agent", "Hello there.")
    assert ("caller", "hello there") in said
    assert said.index(("caller", "hello there")) < said.index(("agent", "It is a stub."))


async def test_a_ticket_opens_one_stream(plane: Plane) -> None:
    """Neither beside the first nor after it; and the call's own token opens none."""
    call = answered(plane)
    async with page(plane, call) as line:
        await plane.happened(call, SentenceHeard)
        async with page(plane, call) as second:
            await second.closed.wait()
        await line.socket.close()
        await plane.ended(call)
    async with page(plane, call) as late, page(plane, call, token=call.token) as wrong:
        await late.closed.wait()
        await wrong.closed.wait()
    assert {second.close_code, late.close_code, wrong.close_code} == {1008}
    assert not second.heard + late.heard + wrong.heard


async def test_a_ticket_is_of_no_use_after_its_time(plane: Plane) -> None:
    """A minute, in production."""
    async with page(plane, answered(plane, seconds=-1)) as line:
        await line.closed.wait()
    assert line.close_code == 1008


async def test_a_page_that_is_closed_has_hung_up(plane: Plane) -> None:
    """No carrier brings it back, so nobody waits for it."""
    call = answered(plane)
    async with page(plane, call) as line:
        await plane.happened(call, SentenceHeard)
        line.socket.transport.abort()
        (ended,) = await plane.happened(call, CallEnded)
    assert ended.reason == "caller_hung_up"
    assert not [h for h in plane.happenings(call) if isinstance(h, CallerTurn)]


async def test_what_is_written_is_a_turn_like_what_is_said(plane: Plane) -> None:
    """To the same agent in the same conversation; a tool that writes really runs."""
    book = asks_tool("book_visit", '{"service": "drain", "day": "monday"}')
    plane.script(
        answer=lambda messages: book if messages[-1]["role"] == "user" else "It is booked."
    )
    call = answered(plane)
    async with page(plane, call) as line:
        await plane.happened(call, SentenceHeard)
        stream_id = line.stream_id
        await line.send(BrowserStream(stream_id).say("a drain visit on  monday please"))
        (turn,) = await plane.happened(call, CallerTurn)
        assert turn.text == "a drain visit on monday please"
        (returned,) = await plane.happened(call, ToolReturned)
        assert returned.ok
        await plane.happened(call, SentenceHeard, times=2)
        await line.send(BrowserStream(stream_id).say("thank you, and what is my number?"))
        await plane.happened(call, CallerTurn, times=2)
    asked = [m["content"] for m in plane.stub.requests[-1]["messages"] if m["role"] == "user"]
    assert asked[0] == "a drain visit on monday please"
