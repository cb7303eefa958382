"""Calls through the carrier on the desk:
webhook, TwiML, and the audio in real time with a playout clock.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from programs.carrier_simulator.audio import voice
from programs.carrier_simulator.carrier import Carrier
from programs.carrier_simulator.results import CallResult
from programs.carrier_simulator.script import EndCall, Listen, Say, ScriptStep, Stay
from telephony.carriers.twilio.documents import render
from telephony.control import decisions
from tests.bench.media.driver import Stream

TURNS = ("plumbing_question", "plumbing_booking", "yes_please")
SPREAD_S = 10.0  # callers begin evenly over this time
GREETED_S = 3.0


@dataclass(frozen=True, slots=True)
class Simulated:
    """What all callers of a level met."""

    replies_ms: list[float]
    turns: int
    unanswered: int
    underruns: int
    late_frames: int
    failed: list[str]


@asynccontextmanager
async def _webhooks(streams: list[Stream]) -> AsyncIterator[str]:
    """A web plane that connects each call that rings to the next stream; its address."""
    left = iter(streams)

    async def voice_webhook(_: web.Request) -> web.Response:
        stream = next(left)
        to = decisions.MediaStream(
            stream.url,
            stream.parameters.get("call", "none"),
            stream.parameters.get("token", "none"),
        )
        return web.Response(text=render(decisions.Connect(to, attempt=1)), content_type="text/xml")

    async def anything_else(_: web.Request) -> web.Response:
        return web.Response(text=render(decisions.HangUp()), content_type="text/xml")

    app = web.Application()
    app.add_routes([web.post("/twilio/voice", voice_webhook), web.post("/{any:.*}", anything_else)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield site.name
    finally:
        await runner.cleanup()


def _script() -> tuple[ScriptStep, ...]:
    steps: list[ScriptStep] = [Stay(GREETED_S)]
    for name in TURNS:
        steps += [Say(voice(name)), Listen(quiet_ms=1000, at_most_s=15)]
    return (*steps, EndCall())


async def place(streams: list[Stream]) -> Simulated:
    """One caller for each stream; what they met."""
    async with (
        _webhooks(streams) as url,
        Carrier(public_url=url, account_sid="AC" + "0" * 32, auth_token="of-the-bench") as carrier,
    ):

        async def caller(number: int) -> CallResult:
            await asyncio.sleep(number * SPREAD_S / len(streams))
            return await carrier.call(f"+1212555{number:04}", "+12125550100", script=_script())

        results = await asyncio.gather(*(caller(number) for number in range(len(streams))))
    lines = [line for result in results for line in result.said]
    replies = sorted(line.reply_ms for line in lines if line.reply_ms is not None)
    turns = len(streams) * len(TURNS)
    return Simulated(
        replies_ms=replies,
        turns=turns,
        unanswered=turns - len(replies),
        underruns=sum(result.underruns for result in results),
        late_frames=sum(result.late_frames for result in results),
        failed=[result.failed for result in results if result.failed],
    )
