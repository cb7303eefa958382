"""The few REST calls about live calls: look at one, end it, give it another document.

Source: https://www.twilio.com/docs/voice/api/call-resource. Served on loopback only.
"""

import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import encode_basic_auth, web

from programs.carrier_simulator import twiml
from programs.carrier_simulator.conversation import Conversation
from programs.carrier_simulator.twiml import BadTwiml

_NOT_FOUND, _BAD_PARAMETER, _NOT_AUTHENTICATED = 20404, 20001, 20003
MAX_BODY_BYTES = 128 * 1024


class RestApi:
    """Answers for the calls in `live`, by their sid."""

    def __init__(
        self, live: Mapping[str, Conversation], *, account_sid: str, auth_token: str
    ) -> None:
        self._live, self._account_sid, self._auth_token = live, account_sid, auth_token

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """The API's address, for as long as the context lasts."""
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        path = "/2010-04-01/Accounts/{account}/Calls/{call}.json"
        app.router.add_get(path, self._look)
        app.router.add_post(path, self._change)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def _look(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        return refusal or self._resource(request.match_info["call"], "in-progress")

    async def _change(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        sid, form = request.match_info["call"], await request.post()
        conversation = self._live[sid]
        status, document, url = (str(form.get(name, "")) for name in ("Status", "Twiml", "Url"))
        if status == "completed":
            conversation.end()
            return self._resource(sid, "completed")
        try:
            instead = twiml.parse(document) if document else url
        except BadTwiml as wrong:
            return _fault(400, _BAD_PARAMETER, str(wrong))
        if not instead or status:
            return _fault(400, _BAD_PARAMETER, "expected Status=completed, Twiml or Url")
        conversation.take_over(instead)
        return self._resource(sid, "in-progress")

    def _refusal(self, request: web.Request) -> web.Response | None:
        wanted = encode_basic_auth(self._account_sid, self._auth_token)
        known = hmac.compare_digest(
            request.headers.get("Authorization", "").encode(), wanted.encode()
        )
        if not known or request.match_info["account"] != self._account_sid:
            return _fault(401, _NOT_AUTHENTICATED, "Authenticate")
        if request.match_info["call"] not in self._live:
            return _fault(404, _NOT_FOUND, f"The requested resource {request.path} was not found")
        return None

    def _resource(self, sid: str, status: str) -> web.Response:
        return web.json_response({"sid": sid, "account_sid": self._account_sid, "status": status})


def _fault(status: int, code: int, message: str) -> web.Response:
    return web.json_response({"status": status, "code": code, "message": message}, status=status)
