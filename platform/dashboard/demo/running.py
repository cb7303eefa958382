"""Runs the demo on a platform that is up: wait for warmth, call, read the calls back, sum up."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence

from asgiref.sync import sync_to_async
from django.conf import settings

from dashboard.demo import watching
from dashboard.demo.following import calls_on, show_calls
from dashboard.demo.scenario import CALLS, PEOPLE, DemoCall
from dashboard.demo.screen import LEGEND, Screen, when
from dashboard.demo.seeding import DemoSignIn, sign_ins
from dashboard.demo.summary import DemoOutcome, read_outcome
from dashboard.templatetags.speech import milliseconds
from inference.fleet import snapshots
from inference.fleet.history.cold_starts import ColdStart, cold_starts
from programs.carrier_simulator.carrier import Carrier
from programs.carrier_simulator.results import CallResult
from telephony.carriers.twilio.account import TwilioAccount, account, account_of_number
from warmline.kernel.errors import ConfigurationError, WarmlineError
from warmline.kernel.ids import TenantId
from warmline.kernel.regions import redis_urls

# Two vLLM replicas start one after the other on two cores; past this the calls go where it is warm.
WARM_AT_MOST_S = 240.0
# Who only watches is told later too, on a machine that is slower or busy with something else.
LATE_AT_MOST_S = 3600.0
KNOWN_AT_MOST_S = 60.0
READ_BACK_AT_MOST_S = 45.0
_NO_START = (
    "no start failed within {:.0f} s, so none was tried or it still goes on: "
    "jobs.log and the replicas' logs tell"
)


class NobodyWarm(WarmlineError):
    """No region could take calls; the message says which starts failed and why."""


class NotSeeded(ConfigurationError):
    """There are no companies to call."""


async def run(*, started: float, warm_within_s: float = WARM_AT_MOST_S) -> bool:
    """The whole demo; True when every call was answered and booked, and the shadowed one scored.

    Raises `NotSeeded` and `NobodyWarm` before any call is placed.
    """
    screen = Screen(since=started)
    who = {sign_in.slug: sign_in for sign_in in sign_ins()}
    if missing := {call.tenant for call in CALLS} - who.keys():
        raise NotSeeded(
            f"no company {', '.join(sorted(missing))}; `manage.py seed_demo` makes them"
        )
    regions = tuple(sorted(redis_urls(), reverse=True))
    screen.say(f"waiting for warm replicas in {', '.join(regions)}", style="bold")
    warm = await watching.wait_until_warm(regions=regions, at_most_s=warm_within_s, say=screen.say)
    if not warm.regions:
        reasons = [watching.in_words(fault) for fault in warm.faults]
        raise NobodyWarm(
            "no region became warm; " + ("; ".join(reasons) or _NO_START.format(warm_within_s))
        )
    companies = [sign_in.tenant_id for sign_in in who.values() if sign_in.tenant_id]
    if not await watching.wait_until_read(companies, at_most_s=KNOWN_AT_MOST_S):
        screen.say("not all knowledge is read yet: agents may not know what they are asked")
    starts = await sync_to_async(_cold_starts)()
    screen.say("three calls begin", style="bold")
    screen.say(LEGEND, style="dim")
    results = await _calls(screen, who)
    screen.say("reading the calls back", style="bold")
    outcomes = await _read_back(results, who)
    _tell(screen, outcomes, starts=starts, who=tuple(who.values()))
    return not any(outcome.problems for outcome in outcomes)


async def watch(*, started: float, warm_within_s: float = WARM_AT_MOST_S) -> None:
    """Say when calls are taken and who may sign in, then show the companies' calls for ever."""
    screen = Screen(since=started)
    who = await sync_to_async(sign_ins)()
    regions = tuple(sorted(redis_urls(), reverse=True))
    warm = await watching.wait_until_warm(regions=regions, at_most_s=warm_within_s, say=screen.say)
    if warm.regions:
        screen.say(f"Warmline takes calls in {' and '.join(sorted(warm.regions))}", style="bold")
    for fault in warm.faults:
        screen.say(watching.in_words(fault), style="red")
    tell_sign_ins(screen, who)
    screen.console.print("Call an agent from another terminal: `make call`")
    screen.say(LEGEND, style="dim")
    late = tuple(region for region in regions if region not in warm.regions)
    async with asyncio.TaskGroup() as group:
        group.create_task(show_calls(screen, companies=_companies(who)))
        if late:
            group.create_task(
                watching.wait_until_warm(regions=late, at_most_s=LATE_AT_MOST_S, say=screen.say)
            )


async def _calls(screen: Screen, who: dict[str, DemoSignIn]) -> list[tuple[DemoCall, CallResult]]:
    """All calls at once, their events on the screen."""
    carrier = _carrier(account())
    companies, placed = _companies(tuple(who.values())), []
    async with carrier, calls_on(screen, companies=companies), asyncio.TaskGroup() as group:
        for call in CALLS:
            calling = carrier.call(call.caller, call.dialled, script=call.script)
            placed.append((call, group.create_task(calling)))
    return [(call, task.result()) for call, task in placed]


def carrier_of_number(e164: str) -> Carrier:
    """The simulated carrier of the running platform, which signs as the number's own account."""
    return _carrier(account_of_number(e164))


def _carrier(account: TwilioAccount) -> Carrier:
    return Carrier(
        public_url=settings.PUBLIC_URL,
        account_sid=account.sid,
        auth_token=account.auth_tokens[0],
        people=PEOPLE,
    )


def _companies(who: Sequence[DemoSignIn]) -> dict[TenantId, str]:
    """The companies' slugs; the operator has none."""
    return {sign_in.tenant_id: sign_in.slug for sign_in in who if sign_in.tenant_id}


async def _read_back(
    results: Sequence[tuple[DemoCall, CallResult]], who: dict[str, DemoSignIn]
) -> list[DemoOutcome]:
    """Every call's outcome, once recorder and scorer have caught up; after 45 s as it is then."""
    deadline = time.monotonic() + READ_BACK_AT_MOST_S
    while True:
        outcomes = [
            await sync_to_async(read_outcome)(
                call, result, tenant_id=TenantId(who[call.tenant].tenant_id)
            )
            for call, result in results
        ]
        if not any(outcome.problems for outcome in outcomes) or time.monotonic() > deadline:
            return outcomes
        await asyncio.sleep(1)


def _cold_starts() -> tuple[ColdStart, ...]:
    """The starts of the replicas that are warm now, by pool."""
    warm = snapshots.current().warm_by_id
    starts = [start for start in cold_starts() if start.replica in warm]
    return tuple(sorted(starts, key=lambda start: start.pool))


def _tell(
    screen: Screen,
    outcomes: Sequence[DemoOutcome],
    *,
    starts: Sequence[ColdStart],
    who: Sequence[DemoSignIn],
) -> None:
    line = screen.console.print
    line()
    line("[bold]What came of it[/]")
    for outcome in outcomes:
        for text in _lines(outcome):
            line(text)
    calls = [outcome for outcome in outcomes if not outcome.call.shadow]
    answered = [outcome for outcome in calls if outcome.replies_ms]
    replies = sorted(ms for outcome in answered for ms in outcome.replies_ms)
    line(f" calls answered: {len(answered)} of {len(calls)}")
    if len(replies) > 1:
        p95 = statistics.quantiles(replies, n=20, method="inclusive")[-1]
        line(
            f" end of speech → first audio heard: p50 {milliseconds(statistics.median(replies))},"
            f" p95 {milliseconds(p95)} over {len(replies)} turns"
        )
    for start in starts:
        line(f" cold start of {start.pool}: {start.total_s:.1f} s from cold to warm")
    line()
    tell_sign_ins(screen, who)
    _tell_next(screen, outcomes, who={sign_in.slug: sign_in for sign_in in who})


def tell_sign_ins(screen: Screen, who: Sequence[DemoSignIn]) -> None:
    """The dashboard's address and who may look at what."""
    screen.console.print(f"[bold]Dashboard[/] {settings.PUBLIC_URL}")
    for sign_in in who:
        screen.console.print(
            f"   {sign_in.name}: {sign_in.email}   password {sign_in.password}", markup=False
        )


def _tell_next(
    screen: Screen, outcomes: Sequence[DemoOutcome], *, who: Mapping[str, DemoSignIn]
) -> None:
    """Where to press play, and how to call the agent oneself."""
    line = screen.console.print
    line()
    line("[bold]What next[/] (while this stays up; `make serve` brings it up again)")
    for outcome in outcomes:
        if outcome.call_id is not None:
            email = who[outcome.call.tenant].email
            line(f"   {outcome.call.title}: {settings.PUBLIC_URL}/calls/{outcome.call_id}")
            line(f"      sign in as {email} and press play")
    line("   call an agent: `make call`; in your own voice: `make call SAY=question.wav`")
    line("   from your own telephone: a Twilio number, as deploy/README.md tells")
    line()


def _lines(outcome: DemoOutcome) -> Iterator[str]:
    """What came of one call, in Rich's markup."""
    mark = "[red]✗[/]" if outcome.problems else "[green]✓[/]"
    call, place = outcome.call, f"{outcome.region or '–'}, {outcome.replica or '–'}"
    yield f" {mark} {call.title} ({call.caller}): {place}"
    for booking in outcome.bookings:
        at = when(booking.at)
        yield f"     booked: {booking.what} for {booking.who}, {at}, reference {booking.reference}"
    if outcome.shadow_score is not None:
        yield f"     shadow score: {outcome.shadow_score:.2f} of 1"
    for problem in outcome.problems:
        yield f"     [red]{problem}[/]"
