"""Chat completions as they come over the wire: server-sent events into words, tool calls and usage.

Pure.
"""

from typing import Final

import msgspec

from telephony.media.replicas.errors import BadStream
from warmline.kernel.conversation import ToolCall

MAX_LINE_BYTES: Final = 256 * 1024
MAX_ARGUMENT_CHARS: Final = 8 * 1024
MAX_CALLS: Final = 4
MAX_TEXT_CHARS: Final = 4000


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _CallDelta(msgspec.Struct):
    index: int = 0
    id: str | None = None
    function: _Function | None = None


class _Delta(msgspec.Struct):
    content: str | None = None
    tool_calls: list[_CallDelta] | None = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class Usage(msgspec.Struct, frozen=True):
    """Tokens of one request."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    usage: Usage | None = None
    error: msgspec.Raw | None = None


_decode = msgspec.json.Decoder(_Chunk).decode


class CompletionReader:
    """Feed it bytes as they arrive; it gives the words.

    Tool calls and usage are whole once `done`.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._calls: dict[int, tuple[str, str, str]] = {}
        self._chars = 0
        self.usage: Usage | None = None
        self.finished = False  # a reason to finish came
        self.done = False  # the stream's own end came

    def feed(self, packet: bytes) -> str:
        """The words in this packet; `BadStream` for what is not the format or past every bound."""
        lines = (self._rest + packet).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > MAX_LINE_BYTES:
            raise BadStream(f"a line of over {MAX_LINE_BYTES} bytes")
        return "".join([self._line(line.strip()) for line in lines])

    def calls(self) -> tuple[ToolCall, ...]:
        """The tools asked for."""
        return tuple(
            ToolCall(id_ or f"call_{n}", name, arguments)
            for n, (id_, name, arguments) in sorted(self._calls.items())
            if name
        )

    def _line(self, line: bytes) -> str:
        if self.done or not line.startswith(b"data:"):
            return ""
        content = line[5:].strip()
        if content == b"[DONE]":
            self.done = True
            return ""
        try:
            chunk = _decode(content)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BadStream(f"not a completion chunk: {error}") from error
        if chunk.error is not None:
            raise BadStream("the replica sent an error")
        self.usage = chunk.usage or self.usage
        return self._choice(chunk.choices[0]) if chunk.choices else ""

    def _choice(self, choice: _Choice) -> str:
        words = ""
        if choice.delta is not None and not self.finished:
            words = choice.delta.content or ""
            for call in choice.delta.tool_calls or ():
                self._add(call)
        if choice.finish_reason is not None:
            self.finished = True
        self._chars += len(words)
        if self._chars > MAX_TEXT_CHARS:
            raise BadStream(f"over {MAX_TEXT_CHARS} characters for one answer")
        return words

    def _add(self, delta: _CallDelta) -> None:
        if delta.index not in self._calls and len(self._calls) >= MAX_CALLS:
            raise BadStream(f"over {MAX_CALLS} tools at once")
        id_, name, arguments = self._calls.get(delta.index, ("", "", ""))
        function = delta.function or _Function()
        arguments += function.arguments or ""
        if len(arguments) > MAX_ARGUMENT_CHARS:
            raise BadStream(f"over {MAX_ARGUMENT_CHARS} characters of arguments")
        self._calls[delta.index] = (delta.id or id_, function.name or name, arguments)
