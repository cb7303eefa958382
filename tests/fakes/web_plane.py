"""A stub of the web plane's internal doors: knowledge, tools, recordings, on a real socket."""

import asyncio
from typing import Any

from aiohttp import web


class StubWebPlane:
    """Answers from what a test puts in."""

    def __init__(self) -> None:
        self.passages: list[dict[str, Any]] = []
        self.knowledge_s = 0.0
        self.tool_s = 0.0
        self.result: dict[str, Any] = {"status": "booked", "reference": "four seven two"}
        self.refusal: tuple[int, dict[str, Any]] | None = None  # of every tool
        self.tool_calls: list[tuple[str, dict[str, Any]]] = []
        self.queries: list[str] = []
        self.recordings: dict[int, bytes] = {}
        self.recordings_start: dict[int, float] = {}
        self.ends: list[dict[str, str]] = []
        self.tokens: set[str] = set()
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> "StubWebPlane":
        """Listen on loopback."""
        app = web.Application(client_max_size=64 << 20)
        app.router.add_post("/internal/calls/{call}/knowledge", self._knowledge)
        app.router.add_post("/internal/calls/{call}/tools/{name}", self._tool)
        app.router.add_put("/internal/calls/{call}/recording/{epoch}", self._recording)
        app.router.add_post("/internal/calls/{call}/end", self._end)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Go away."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _knowledge(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._seen(request)
        self.queries.append(body["query"])
        await asyncio.sleep(self.knowledge_s)
        return web.json_response({"passages": self.passages})

    async def _tool(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._seen(request)
        self.tool_calls.append((request.match_info["name"], body))
        await asyncio.sleep(self.tool_s)
        if self.refusal is not None:
            return web.json_response(self.refusal[1], status=self.refusal[0])
        return web.json_response({"ok": True, "result": self.result})

    async def _recording(self, request: web.Request) -> web.Response:
        self._seen(request)
        epoch = int(request.match_info["epoch"])
        self.recordings[epoch] = await request.read()
        self.recordings_start[epoch] = float(request.query["starts_ms"])
        return web.Response(status=201)

    async def _end(self, request: web.Request) -> web.Response:
        self._seen(request)
        self.ends.append(await request.json())
        return web.Response(status=204)

    def _seen(self, request: web.Request) -> None:
        self.tokens.add(request.headers.get("Authorization", ""))
