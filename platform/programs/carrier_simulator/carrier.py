"""The carrier: places calls from phones with scripts, asks the web plane what to do, and does it.

async with Carrier(public_url=…, account_sid=…, auth_token=…) as carrier:
    result = await carrier.call("+12125550147", "+12125550100", script=(Listen(),
    Say(voice("hello")), HangUp()))
"""

import asyncio
import random
import secrets
from types import TracebackType
from typing import Self

import aiohttp

from programs.carrier_simulator.conversation import Conversation
from programs.carrier_simulator.forms import incoming_call
from programs.carrier_simulator.party import Party, Step
from programs.carrier_simulator.rest import RestApi
from programs.carrier_simulator.results import CallResult
from programs.carrier_simulator.webhooks import WebhookFailed, Webhooks

MAX_CALL_S = 600.0
STATUSES = ("initiated", "ringing", "in-progress", "completed")


class Carrier:
    """Twilio, played. `people` are the scripts of those who can be dialled, by number.

    Inside the context, `rest_url` is where the REST calls about live calls are answered.
    """

    def __init__(
        self,
        *,
        public_url: str,
        account_sid: str,
        auth_token: str,
        people: dict[str, tuple[Step, ...]] | None = None,
        shuffle_statuses: random.Random | None = None,
        max_call_s: float = MAX_CALL_S,
    ) -> None:
        self.account_sid, self.people = account_sid, people or {}
        self._public_url, self._auth_token = public_url, auth_token
        self._shuffle, self._max_call_s = shuffle_statuses, max_call_s
        self.live: dict[str, Conversation] = {}

    async def __aenter__(self) -> Self:
        # a stream for each call
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

    async def call(self, caller: str, dialled: str, *, script: tuple[Step, ...]) -> CallResult:
        """Place a call and follow it to its end.
        A web plane that fails leaves its reason in `failed`.
        """
        sid = "CA" + secrets.token_hex(16)
        form = incoming_call(sid, account_sid=self.account_sid, caller=caller, dialled=dialled)
        conversation = Conversation(
            webhooks=self.webhooks,
            form=form,
            caller=Party(script),
            people=self.people,
            result=CallResult(sid),
        )
        self.live[sid] = conversation
        early = self._shuffle is None
        try:
            if early:
                await self._report(form, STATUSES[:2])
            async with asyncio.timeout(self._max_call_s):
                await conversation.run(
                    "/twilio/voice", answered=self._answered if early else _nobody
                )
        except WebhookFailed as failed:
            conversation.result.failed = str(failed)
        except TimeoutError:
            conversation.result.failed = f"still running after {self._max_call_s:g} s"
        finally:
            self.live.pop(sid, None)
        await self._report_end(form, conversation.result)
        return conversation.result

    async def _answered(self, form: dict[str, str]) -> None:
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
        except WebhookFailed as failed:
            result.failed = result.failed or str(failed)

    async def _report(self, form: dict[str, str], statuses: tuple[str, ...]) -> None:
        for status in statuses:
            number = str(STATUSES.index(status))
            await self.webhooks.post(
                "/twilio/status", {**form, "CallStatus": status, "SequenceNumber": number}
            )


async def _nobody(form: dict[str, str]) -> None:
    """Statuses are reported at the end, shuffled."""
