"""Whole calls over real sockets, with a small platform that plays the other side."""

import asyncio
import random

import aiohttp

from programs.carrier_simulator.audio import clip
from programs.carrier_simulator.carrier import Carrier
from programs.carrier_simulator.script import EndCall, Listen, Press, Say, ScriptStep, Stay
from tests.programs.carrier_simulator.platform import (
    ACCOUNT,
    LOUD,
    TOKEN,
    Platform,
    answers_each_turn,
    only_listens,
    serving,
)

CALLER, DIALLED, PERSON = "+12125550147", "+12125550100", "+12125550199"
CONNECT = (
    '<Response><Connect><Stream url="ws://here/media">'
    '<Parameter name="call" value="c1"/></Stream></Connect>'
    '<Redirect method="POST">/resume</Redirect></Response>'
)
FORK = (
    '<Response><Start><Stream url="ws://here/media" track="both_tracks"/></Start>'
    f'<Dial action="/dialed">{PERSON}</Dial></Response>'
)
WORDS = Say(clip("some words", LOUD * 20))
TURN = (Listen(quiet_ms=300, at_most_s=10), WORDS)


def _carrier(platform: Platform, **options: object) -> Carrier:
    return Carrier(
        public_url=platform.url,
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        **options,  # type: ignore[arg-type]
    )


async def test_a_call_is_answered_turn_by_turn() -> None:
    """Everything is signed, marks come back, and the caller's end closes the stream with a stop."""
    async with (
        serving({"/twilio/voice": CONNECT}, answers_each_turn) as platform,
        _carrier(platform) as carrier,
    ):
        result = await carrier.call(
            CALLER, DIALLED, script=(*TURN, *TURN, Listen(quiet_ms=300), EndCall())
        )
    stream = platform.streams[0]
    assert (result.failed, result.refused, result.gave_up, result.unanswered) == ("", [], [], [])
    assert len(result.replies_ms) == 2
    assert stream.signed
    assert all(signed for _, _, signed in platform.forms)
    assert [message["event"] for message in stream.messages[:3]] == ["connected", "start", "media"]
    assert stream.messages[1]["start"]["customParameters"] == {"call": "c1"}
    assert [message["mark"]["name"] for message in stream.named("mark")] == [
        "greeting",
        "reply 1",
        "reply 2",
    ]
    assert stream.messages[-1]["event"] == "stop"


async def test_media_comes_in_order_at_20_ms_a_frame() -> None:
    """Sequence numbers, chunks and timestamps are strings without a gap."""
    async with (
        serving({"/twilio/voice": CONNECT}, only_listens) as platform,
        _carrier(platform) as carrier,
    ):
        await carrier.call(CALLER, DIALLED, script=(Stay(0.5), EndCall()))
    numbered = platform.streams[0].messages[1:]
    media = [message["media"] for message in platform.streams[0].named("media")]
    assert [message["sequenceNumber"] for message in numbered] == [
        str(n) for n in range(1, len(numbered) + 1)
    ]
    assert [frame["chunk"] for frame in media] == [str(n) for n in range(1, len(media) + 1)]
    assert [frame["timestamp"] for frame in media] == [
        str(20 * n) for n in range(1, len(media) + 1)
    ]


async def test_keys_reach_the_stream() -> None:
    """One message a key."""
    async with (
        serving({"/twilio/voice": CONNECT}, only_listens) as platform,
        _carrier(platform) as carrier,
    ):
        await carrier.call(CALLER, DIALLED, script=(Press("4#"), EndCall()))
    assert [message["dtmf"]["digit"] for message in platform.streams[0].named("dtmf")] == ["4", "#"]


async def test_when_our_side_closes_the_next_verb_runs() -> None:
    """The redirect is followed, and its document done."""

    async def leaves(stream: object) -> None:
        """An agent that closes at once."""

    documents = {
        "/twilio/voice": CONNECT,
        "/resume": "<Response><Say>Goodbye</Say><Hangup/></Response>",
    }
    async with serving(documents, leaves) as platform, _carrier(platform) as carrier:
        result = await carrier.call(CALLER, DIALLED, script=(Stay(20),))
    assert result.verbs == ["Connect", "Redirect", "Say", "Hangup"]
    assert result.spoken_by_carrier == ["Goodbye"]


async def test_a_forked_call_carries_both_voices_and_is_answered_by_the_person() -> None:
    """Both tracks reach the stream; the platform learns that the dialled person was there."""
    person: tuple[ScriptStep, ...] = (WORDS, *TURN, EndCall())
    async with (
        serving({"/twilio/voice": FORK}, only_listens) as platform,
        _carrier(platform, people={PERSON: person}) as carrier,
    ):
        result = await carrier.call(CALLER, DIALLED, script=TURN)
    tracks = {message["media"]["track"] for message in platform.streams[0].named("media")}
    assert tracks == {"inbound", "outbound"}
    assert len(result.replies_ms) == 1
    assert platform.posted("/dialed")[0]["DialCallStatus"] == "completed"


async def test_statuses_come_once_each_in_order_or_shuffled_and_some_twice() -> None:
    """As a carrier may send them."""
    for shuffle in (None, random.Random(3)):
        async with (
            serving({"/twilio/voice": CONNECT}, only_listens) as platform,
            _carrier(platform, shuffle_statuses=shuffle) as carrier,
        ):
            await carrier.call(CALLER, DIALLED, script=(Stay(0.1), EndCall()))
        numbers = [form["SequenceNumber"] for form in platform.posted("/twilio/status")]
        assert set(numbers) == {"0", "1", "2", "3"}
        assert len(numbers) == (4 if shuffle is None else 6)


async def test_a_live_call_is_ended_and_redirected_by_rest() -> None:
    """With the account's own token only; an ended call runs no further verb."""
    documents = {"/twilio/voice": CONNECT, "/other": CONNECT}
    async with serving(documents, only_listens) as platform, _carrier(platform) as carrier:
        calling = asyncio.create_task(carrier.call(CALLER, DIALLED, script=(Stay(60),)))
        async with asyncio.timeout(20):
            while not platform.streams:
                await asyncio.sleep(0.02)
            sid = next(iter(carrier.live))
            assert await _rest(carrier, sid, token="wrong", Status="completed") == 401
            assert await _rest(carrier, "CA" + "9" * 32, Status="completed") == 404
            assert await _rest(carrier, sid, Twiml="<Sing/>") == 400
            assert await _rest(carrier, sid, Url=f"{platform.url}/other") == 200
            while len(platform.streams) < 2:
                await asyncio.sleep(0.02)
            assert await _rest(carrier, sid, Status="completed") == 200
            result = await calling
    assert result.verbs == ["Connect", "Connect"]
    assert platform.posted("/resume") == []


async def _rest(carrier: Carrier, sid: str, *, token: str = TOKEN, **form: str) -> int:
    url = f"{carrier.rest_url}/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"
    credentials = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, token)}
    async with (
        aiohttp.ClientSession(headers=credentials) as http,
        http.post(url, data=form) as answer,
    ):
        return answer.status
