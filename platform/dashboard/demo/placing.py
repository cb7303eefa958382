"""One call to an agent of the running platform, in a recorded voice or somebody's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asgiref.sync import sync_to_async

from dashboard.demo.following import calls_on
from dashboard.demo.running import carrier_of_number
from dashboard.demo.scenario import CALLS, TURN_OVER_MS
from dashboard.demo.screen import LEGEND, Screen
from programs.carrier_simulator.audio import recording
from programs.carrier_simulator.results import CallResult
from programs.carrier_simulator.script import EndCall, Listen, Say, ScriptStep
from telephony.calls import queries as calls
from telephony.control.queries import tenant_of_number
from tenants import queries as tenants
from tenants.context import as_tenant
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """Who calls whom, and the recordings that the caller speaks; none: a demo caller's."""

    caller: str
    dialled: str
    says: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class PlacedOutcome:
    """Where the call is, and what went wrong with it; both empty where there is nothing."""

    call_id: str
    problem: str


async def place(call: PlacedCall, *, screen: Screen) -> PlacedOutcome:
    """Call, with everything on the screen; `NotFound` for a number that nobody has."""
    script = _script(call.says)
    tenant_id, slug = await sync_to_async(_company)(call.dialled)
    screen.say(LEGEND, style="dim")
    carrier = await sync_to_async(carrier_of_number)(call.dialled)
    async with carrier, calls_on(screen, companies={tenant_id: slug}):
        result = await carrier.call(call.caller, call.dialled, script=script)
    return await sync_to_async(_outcome)(result, tenant_id)


def _script(says: Sequence[Path]) -> tuple[ScriptStep, ...]:
    """Each recording after the agent's turn; after the last one the agent's answer is awaited."""
    if not says:
        return CALLS[0].script
    steps: list[ScriptStep] = []
    for path in says:
        steps += [Listen(quiet_ms=TURN_OVER_MS, at_most_s=20), Say(recording(path))]
    return (*steps, Listen(quiet_ms=TURN_OVER_MS, at_most_s=20), EndCall())


def _company(dialled: str) -> tuple[TenantId, str]:
    tenant_id = tenant_of_number(dialled)
    if tenant_id is None:
        raise NotFound(f"nobody here has the number {dialled}; `make serve` gives the demo's")
    with as_tenant(tenant_id):
        return tenant_id, tenants.tenant().slug


def _outcome(result: CallResult, tenant_id: TenantId) -> PlacedOutcome:
    with as_tenant(tenant_id):
        row = calls.call_by_carrier(result.call_sid, carrier="twilio")
    problems = [result.failed] if result.failed else []
    problems += [f"no answer to: {text}" for text in result.unanswered]
    return PlacedOutcome(str(row.pk) if row else "", "; ".join(problems))
