"""Runs the demo on a platform that is up: wait for warmth, place the calls, read them back, sum up."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from asgiref.sync import sync_to_async
from django.conf import settings

from dashboard.demo import watching
from dashboard.demo.scenario import CALLS, PEOPLE, DemoCall
from dashboard.demo.screen import Screen, when
from dashboard.demo.seeding import SignIn, sign_ins
from dashboard.demo.summary import Outcome, outcome
from dashboard.templatetags.speech import milliseconds
from telephony.simulator.carrier import Carrier
from telephony.simulator.results import CallResult
from warmline.kernel.call import CallEvent
from warmline.kernel.ids import TenantId
from warmline.kernel.regions import redis_urls

# Two vLLM replicas start one after the other on two cores; past this the calls go where it is warm.
WARM_AT_MOST_S = 240.0
READ_BACK_AT_MOST_S = 45.0


async def run(*, started: float) -> bool:
    """The whole demo; True when every call was answered and booked, and the shadowed one scored."""
    screen = Screen(since=started)
    regions = tuple(sorted(redis_urls(), reverse=True))
    screen.say(f"waiting for warm replicas in {', '.join(regions)}", style="bold")
    warm = await watching.wait_until_warm(regions=regions, at_most_s=WARM_AT_MOST_S, say=screen.say)
    if not warm.seconds:
        screen.say("no region became warm; the logs of the replicas say why", style="red")
        return False
    who = {sign_in.slug: sign_in for sign_in in sign_ins()}
    screen.say("three calls begin", style="bold")
    results = await _calls(screen, who)
    screen.say("reading the calls back", style="bold")
    outcomes = await _read_back(results, who)
    _tell(screen, outcomes, warm=warm, who=tuple(who.values()))
    return not any(found.problems for found in outcomes)


async def _calls(screen: Screen, who: dict[str, SignIn]) -> list[tuple[DemoCall, CallResult]]:
    """All calls at once, their events on the screen."""
    tenants = {sign_in.tenant_id: sign_in.slug for sign_in in who.values()}

    def show(event: CallEvent) -> None:
        screen.label(event.call_id, tenants.get(event.tenant_id, "?").split("-")[0])
        screen.show(event)

    async with AsyncExitStack() as stack:
        carrier = await stack.enter_async_context(
            Carrier(
                public_url=settings.PUBLIC_URL,
                account_sid=settings.TWILIO_ACCOUNT_SID,
                auth_token=settings.TWILIO_AUTH_TOKENS[0],
                people=PEOPLE,
            )
        )
        followers = [asyncio.create_task(watching.follow_events(region, show=show)) for region in redis_urls()]
        try:
            async with asyncio.TaskGroup() as group:
                placed = [
                    (call, group.create_task(carrier.call(call.caller, call.dialled, script=call.script)))
                    for call in CALLS
                ]
        finally:
            for follower in followers:
                follower.cancel()
            await asyncio.gather(*followers, return_exceptions=True)
    return [(call, task.result()) for call, task in placed]


async def _read_back(results: Sequence[tuple[DemoCall, CallResult]], who: dict[str, SignIn]) -> list[Outcome]:
    """Every call's outcome, once the recorder and the scorer have caught up; at the latest after 45 s as it is."""
    deadline = time.monotonic() + READ_BACK_AT_MOST_S
    while True:
        outcomes = [
            await sync_to_async(outcome)(call, result, tenant_id=TenantId(who[call.tenant].tenant_id))
            for call, result in results
        ]
        if not any(found.problems for found in outcomes) or time.monotonic() > deadline:
            return outcomes
        await asyncio.sleep(1)


def _tell(screen: Screen, outcomes: Sequence[Outcome], *, warm: watching.Warm, who: Sequence[SignIn]) -> None:
    line = screen.console.print
    line()
    line("[bold]What came of it[/]")
    for found in outcomes:
        good = "[green]✓[/]" if not found.problems else "[red]✗[/]"
        line(f" {good} {found.call.title} ({found.call.caller}): {found.region or '–'}, {found.replica or '–'}")
        for booked in found.booked:
            line(f"     booked: {booked.what} for {booked.who}, {when(booked.at)}, reference {booked.reference}")
        if found.shadow_score is not None:
            line(f"     shadow score: {found.shadow_score:.2f} of 1")
        for problem in found.problems:
            line(f"     [red]{problem}[/]", markup=True)
    answered = [found for found in outcomes if not found.call.shadow and found.replies_ms]
    replies = sorted(ms for found in answered for ms in found.replies_ms)
    line(f" calls answered: {len(answered)} of {sum(not found.call.shadow for found in outcomes)}")
    if len(replies) > 1:
        p95 = statistics.quantiles(replies, n=20, method="inclusive")[-1]
        line(
            f" end of speech → first audio heard: p50 {milliseconds(statistics.median(replies))},"
            f" p95 {milliseconds(p95)} over {len(replies)} turns"
        )
    for region, seconds in warm.seconds.items():
        line(f" cold start until {region} took calls: {seconds:.0f} s")
    line()
    line(f"[bold]Dashboard[/] {settings.PUBLIC_URL}")
    for sign_in in who:
        line(f"   {sign_in.name}: {sign_in.email}   password {sign_in.password}")
    line()
