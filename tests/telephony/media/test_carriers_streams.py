"""A call's audio on every carrier's media socket, on real sockets: what each sends is understood,
and what we send is.
"""

from collections.abc import Callable

import pytest

from telephony.carriers import registry
from tests.telephony.carriers.streams import BrowserStream, StreamEnd, TandemStream, TwilioStream
from tests.telephony.media.caller import Caller, voice
from tests.telephony.media.plane import Plane
from warmline.kernel.call import (
    BargeIn,
    CallAnswered,
    CallEnded,
    CallerTurn,
    CallPlan,
    DtmfReceived,
    SentenceHeard,
)

STREAMS: dict[str, Callable[[str], StreamEnd]] = {
    "browser": BrowserStream,
    "tandem": TandemStream,
    "twilio": TwilioStream,
}
LONG = "We are open from monday to friday from eight in the morning until six in the evening."


@pytest.fixture(params=sorted(STREAMS))
def carrier(request: pytest.FixtureRequest) -> str:
    """Each carrier in turn."""
    return str(request.param)


def caller(plane: Plane, call: CallPlan, *, carrier: str) -> Caller:
    """The carrier's stream of a call, on the carrier's own socket."""
    url = registry.media_url(plane.ws_url, carrier=carrier)
    return Caller(url, call=call.call_id, token=call.token, stream=STREAMS[carrier])


def test_every_carrier_has_its_stories() -> None:
    """What is plugged in is told here."""
    assert set(registry.names()) == set(STREAMS)
    assert set(registry.codecs()) == {f"/{name}/media" for name in STREAMS}


async def test_the_caller_hears_the_greeting_and_its_marks_come_back(
    plane: Plane, carrier: str
) -> None:
    """Start, our audio and marks; a key; then the caller hangs up."""
    call = plane.answer_call(greeting="Hello. How can I help?")
    async with caller(plane, call, carrier=carrier) as line:
        await plane.happened(call, SentenceHeard, times=2)
        await line.press("5")
        await plane.happened(call, DtmfReceived)
        await line.stop()
        await plane.ended(call)
    happened = plane.happenings(call)
    assert isinstance(happened[0], CallAnswered)
    assert [h.heard for h in happened if isinstance(h, SentenceHeard)] == [
        "Hello.",
        "How can I help?",
    ]
    assert len(line.marks) == 2
    assert [h.digit for h in happened if isinstance(h, DtmfReceived)] == [""]  # not which
    assert isinstance(happened[-1], CallEnded)
    assert happened[-1].reason == "caller_hung_up"


async def test_a_caller_who_interrupts_clears_what_the_carrier_still_plays(
    plane: Plane, carrier: str
) -> None:
    """The caller's audio is heard, and our clear is obeyed."""
    plane.script(heard=["are you open", "wait"], answer=lambda _: LONG, ms_per_char=60)
    call = plane.answer_call(greeting="Hello.")
    async with caller(plane, call, carrier=carrier) as line:
        await line.quiet()
        await line.say(voice("question"))
        await line.agent_speaks()
        await line.say(voice("stop"))
        await plane.happened(call, CallerTurn, times=2)
    assert line.clears >= 1
    assert [h.turn for h in plane.happenings(call) if isinstance(h, BargeIn)] == [1]


async def test_a_stream_with_another_calls_token_is_closed(plane: Plane, carrier: str) -> None:
    """Whatever the wire, the call's own token opens its door."""
    call = plane.answer_call()
    url = registry.media_url(plane.ws_url, carrier=carrier)
    line = Caller(url, call=call.call_id, token="another's", stream=STREAMS[carrier])
    async with line:
        await line.closed.wait()
    assert line.close_code == 1008
    assert not line.heard
