"""The carrier: places calls from phones with scripts, asks the web plane what to do, and does it.

async with Carrier(public_url=…, account_sid=…, auth_token=…) as carrier:
    script = (Listen(), Say(voice("yes_please")), EndCall())
    result = await carrier.call("+12125550147", "+12125550100", script=script)
"""

import asyncio
import random
import secrets
from types import TracebackType
from typing import Self

import aiohttp

from programs.carrier_simulator.call import SimulatedCall
from programs.carrier_simulator.forms import incoming_call
from programs.carrier_simulator.rest import RestApi
from programs.carrier_simulator.results import CallResult
from programs.carrier_simulator.script import ScriptedPhone, ScriptStep
from programs.carrier_simulator.webhooks import WebhookFailed, Webhooks

MAX_CALL_S = 600.0
STATUSES = ("initiated", "ringing", "in-progress", "completed")


class Carrier:
    """A simulated Twilio. `people` are the scripts of those who can be dialled, by number.

    Inside the context, `rest_url` is where the REST calls about live calls are answered.
    """

    def __init__(
        self,
        *,
        public_url: str,
        account_sid: str,
        auth_token: str,
        people: dict[str, tuple[ScriptStep, ...]] | None = None,
        shuffle_statuses: random.Random | None = None,
        max_call_s: float = MAX_CALL_S,
    ) -> None:
        self.account_sid, self.people = account_sid, people or {}
        self._public_url, self._auth_token = public_url, auth_token
        self._shuffle, self._max_call_s = shuffle_statuses, max_call_s
        self.live: dict[str, SimulatedCall] = {}

    async def __aenter__(self) -> Self:
        # No limit: every call holds a connection of its own.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        rest = RestApi(self.live, account_sid=self.account_sid, auth_token=self._auth_token)
        self._serving = rest.serving()
        self.rest_url = await self._serving.__aenter__()
        self.webhooks = Webhooks(
            self._session, public_url=self._public_url, auth_token=self._auth_token
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._serving.__aexit__(kind, error, trace)
        await self._session.close()

    async def call(
        self, caller: str, dialled: str, *, script: tuple[ScriptStep, ...]
    ) -> CallResult:
        """Place a call and follow it to its end; a failing web plane leaves `failed` behind."""
        sid = "CA" + secrets.token_hex(16)
        form = incoming_call(sid, account_sid=self.account_sid, caller=caller, dialled=dialled)
        call = SimulatedCall(
            webhooks=self.webhooks,
            form=form,
            caller=ScriptedPhone(script),
            people=self.people,
            result=CallResult(sid),
        )
        self.live[sid] = call
        try:
            await self._run(call, form)
        except WebhookFailed as error:
            call.result.failed = str(error)
        except TimeoutError:
            call.result.failed = f"still running after {self._max_call_s:g} s"
        finally:
            self.live.pop(sid, None)
        await self._report_end(form, call.result)
        return call.result

    async def _run(self, call: SimulatedCall, form: dict[str, str]) -> None:
        shuffled = self._shuffle is not None  # then every status is reported at the end
        if not shuffled:
            await self._report(form, STATUSES[:2])
        async with asyncio.timeout(self._max_call_s):
            await call.run("/twilio/voice", report_answer=None if shuffled else self._report_answer)

    async def _report_answer(self, form: dict[str, str]) -> None:
        await self._report(form, STATUSES[2:3])

    async def _report_end(self, form: dict[str, str], result: CallResult) -> None:
        statuses = list(STATUSES[3:])
        if self._shuffle is not None:  # all of them now, in any order, some twice
            statuses = [*STATUSES, *self._shuffle.sample(STATUSES, 2)]
            self._shuffle.shuffle(statuses)
        try:
            await self._report(
                {**form, "CallDuration": str(round(result.seconds))}, tuple(statuses)
            )
        except WebhookFailed as error:
            result.failed = result.failed or str(error)

    async def _report(self, form: dict[str, str], statuses: tuple[str, ...]) -> None:
        for status in statuses:
            number = str(STATUSES.index(status))
            await self.webhooks.post(
                "/twilio/status", {**form, "CallStatus": status, "SequenceNumber": number}
            )
