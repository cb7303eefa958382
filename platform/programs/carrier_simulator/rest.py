"""Twilio's REST API for live calls: fetch one, end it, give it another document.

Source: https://www.twilio.com/docs/voice/api/call-resource. Served on loopback only.
"""

import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import encode_basic_auth, web

from programs.carrier_simulator import twiml
from programs.carrier_simulator.call import SimulatedCall
from programs.carrier_simulator.twiml import BadTwiml

_NOT_FOUND, _BAD_PARAMETER, _NOT_AUTHENTICATED = 20404, 20001, 20003
MAX_BODY_BYTES = 128 * 1024


class RestApi:
    """Serves the calls in `live`, which are kept by their sid."""

    def __init__(
        self, live: Mapping[str, SimulatedCall], *, account_sid: str, auth_token: str
    ) -> None:
        self._live, self._account_sid, self._auth_token = live, account_sid, auth_token

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """The API's address, for as long as the context lasts."""
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        path = "/2010-04-01/Accounts/{account}/Calls/{call}.json"
        app.router.add_get(path, self._get_call)
        app.router.add_post(path, self._update_call)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def _get_call(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        return refusal or self._resource(request.match_info["call"], "in-progress")

    async def _update_call(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        sid, form = request.match_info["call"], await request.post()
        call = self._live[sid]
        status, text, url = (str(form.get(name, "")) for name in ("Status", "Twiml", "Url"))
        if status == "completed":
            call.end()
            return self._resource(sid, "completed")
        try:
            document = twiml.parse(text) if text else url
        except BadTwiml as error:
            return _fault(400, _BAD_PARAMETER, str(error))
        if not document or status:
            return _fault(400, _BAD_PARAMETER, "expected Status=completed, Twiml or Url")
        call.redirect(document)
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
