"""A request in its thread: what it opened is closed, and a stream ends with its reader."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from warmline.web.threads import InThreads, ThreadedDjango

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/",
    "query_string": b"",
    "headers": [(b"host", b"testserver")],
    "server": ("testserver", 80),
    "client": ("127.0.0.1", 1),
    "scheme": "http",
    "root_path": "",
}


class Answering(ThreadedDjango):
    """Django with an answer of the test's."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer
        self.threads: list[str] = []

    def get_response(self, request: HttpRequest) -> Any:
        """The answer; in which thread it was asked for."""
        self.threads.append(threading.current_thread().name)
        return self.answer


class Reader:
    """A client that sends no body, reads so many messages and is gone."""

    def __init__(self, *, reads: int) -> None:
        self.messages: list[Any] = []
        self._sent = False
        self._reads = reads
        self._gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        """The body, then that it is gone."""
        if not self._sent:
            self._sent = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """A message of the answer."""
        self.messages.append(message)
        if len(self.messages) == self._reads:
            self._gone.set()


@pytest.mark.asyncio
async def test_an_answer_comes_from_a_kept_thread_and_is_closed() -> None:
    """The same one again."""
    django = Answering(HttpResponse(b"hello"))
    app = InThreads(django, 1, name="page")
    for _ in range(2):
        reader = Reader(reads=99)
        await app(SCOPE, reader.receive, reader.send)
        assert reader.messages[0]["status"] == 200
        assert reader.messages[1] == {
            "type": "http.response.body",
            "body": b"hello",
            "more_body": False,
        }
        assert django.answer.closed
    assert django.threads == ["page_0", "page_0"]


@pytest.mark.asyncio
async def test_a_stream_without_an_end_ends_with_its_reader() -> None:
    """Whatever makes it is told, and closed."""
    ended = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"piece"
                await asyncio.sleep(0)
        finally:
            ended.set()

    reader = Reader(reads=5)
    django = Answering(StreamingHttpResponse(pieces()))
    async with asyncio.timeout(10):
        await InThreads(django, 1, name="page")(SCOPE, reader.receive, reader.send)
    assert ended.is_set()
    assert django.answer.closed


@pytest.mark.asyncio
async def test_a_stream_comes_whole_to_who_reads_on() -> None:
    """With its end."""

    async def pieces() -> AsyncIterator[bytes]:
        for number in range(3):
            yield str(number).encode()

    reader = Reader(reads=99)
    django = Answering(StreamingHttpResponse(pieces()))
    await InThreads(django, 1, name="page")(SCOPE, reader.receive, reader.send)
    assert b"".join(message.get("body", b"") for message in reader.messages) == b"012"
    assert not reader.messages[-1].get("more_body", False)
