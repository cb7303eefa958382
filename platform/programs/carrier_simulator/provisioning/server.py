"""The API over HTTP, on loopback."""

import asyncio

from aiohttp import web

from programs.carrier_simulator.provisioning.api import ProvisioningApi

MAX_BODY_BYTES = 128 * 1024


def provisioning_app(api: ProvisioningApi) -> web.Application:
    """Answers whatever Twilio's client asks, and `/health`."""
    app = web.Application(client_max_size=MAX_BODY_BYTES)

    async def answer(request: web.Request) -> web.Response:
        found = await asyncio.to_thread(
            api.answer,
            request.method,
            request.raw_path,
            body=await request.read(),
            authorization=request.headers.get("Authorization", ""),
        )
        if found is None:
            raise web.HTTPServiceUnavailable
        status, content = found
        return (
            web.Response(status=status)
            if content is None
            else web.json_response(content, status=status)
        )

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app.router.add_get("/health", health)
    app.router.add_route("*", "/{path:.*}", answer)
    return app
