"""Django in threads that are kept: each request runs in one of them from end to end.

Django's own asynchronous handler crosses threads for every hook of every middleware, and starts a
thread of its own, with connections of its own, for each request: a fifth of the processor time of a
page of calls (tests.bench.calls), a third of a carrier's webhook's (tests.bench.webhook).
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from warmline.web.bodies import Receive
from warmline.web.door import Scope

Send = Callable[[Any], Awaitable[None]]


class ThreadedDjango(ASGIHandler):
    """Django's handler for views that are not asynchronous, with its middleware in their thread."""

    def load_middleware(self, is_async: bool = False) -> None:
        """One chain of plain functions, whatever a middleware could do besides."""
        super().load_middleware(is_async=False)

    def answered(self, scope: Scope, body: Any) -> HttpResponseBase:
        """The answer, in the thread that calls; of one that is streamed, its beginning.

        Whatever was opened for it in this thread is closed.
        """
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        if response.streaming:
            close_old_connections()
        else:
            response.close()
        return response  # type: ignore[no-any-return]  # untyped in Django


class InThreads:
    """The application that runs `django` in so many threads; more requests than that wait."""

    def __init__(self, django: ThreadedDjango, threads: int, *, name: str) -> None:
        self._django = django
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request. Its thread waits for no client to send or to read."""
        try:
            body = await self._django.read_body(receive)
        except RequestAborted:
            return
        with body:
            response = await asyncio.get_running_loop().run_in_executor(
                self._threads, copy_context().run, self._django.answered, scope, body
            )
        if response.streaming:
            await self._stream(response, receive, send)
        else:
            await self._django.send_response(response, send)

    async def _stream(self, response: Any, receive: Receive, send: Send) -> None:
        """Until all of it is sent or its reader is gone."""
        async with ThreadSensitiveContext():
            try:
                async with asyncio.TaskGroup() as group:
                    watch = group.create_task(self._django.listen_for_disconnect(receive))
                    await self._django.send_response(response, send)
                    watch.cancel()
            except* RequestAborted:
                pass  # nobody reads the rest
            finally:
                await sync_to_async(response.close)()
