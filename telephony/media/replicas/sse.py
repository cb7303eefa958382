"""Chat completions as they come over the wire, in every endpoint's dialect, into words, tool calls
and usage. Pure.

What is spoken is `content` alone. Reasoning has fields of its own (`reasoning_content`,
`reasoning`, `thinking`), which are not read, or stands in the words between marks, which are left
out.
"""

from typing import Any

import msgspec

from telephony.media.replicas.errors import BadStream, EndpointError
from telephony.media.replicas.event_stream import EventData, EventLines, data_of
from telephony.media.replicas.tool_call_deltas import ToolCallDeltas
from telephony.media.replicas.unspoken import SpokenWords
from warmline.kernel.conversation import ToolCall

MAX_TEXT_CHARS = 4000
_TRUNCATED = "Input data was truncated"
# Parts of a content that is a list: the others are thoughts, images, references.
_SPOKEN_PARTS = frozenset({"text", "output_text", "refusal"})


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: Any = None


class _CallDelta(msgspec.Struct):
    index: int | str | None = None
    id: str | int | None = None
    function: _Function | None = None
    name: str | None = None
    arguments: Any = None


class _Delta(msgspec.Struct):
    content: str | list[Any] | dict[str, Any] | None = None
    refusal: str | None = None
    tool_calls: list[_CallDelta] | _CallDelta | None = None
    function_call: _Function | None = None  # before tools there were functions


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    message: _Delta | None = None  # an answer that is not streamed
    finish_reason: Any = None


class Usage(msgspec.Struct, frozen=True):
    """Tokens of one request."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None


class _Refusal(msgspec.Struct):
    """A chunk without choices, if it is an error that is not called so."""

    object: Any = None
    message: Any = None
    detail: Any = None


_ERROR_FIELDS = ("message", "error", "detail", "msg", "code", "type")
_DEEPEST_ERROR = 8
_decode = msgspec.json.Decoder(_Chunk).decode
_decode_refusal = msgspec.json.Decoder(_Refusal).decode
_NO_DELTA = _Delta()


class CompletionReader:
    """Feed it bytes as they arrive; it gives the words.

    Tool calls and usage are whole once `done`, or after `finish`. `inside`: see `SpokenWords`.
    """

    def __init__(self, *, inside: bool = False) -> None:
        self._inside = inside
        self.begin_again()

    def begin_again(self) -> None:
        """Forget the answer so far: it is given anew."""
        self._lines = EventLines()
        self._data = EventData()
        self._words = SpokenWords(inside=self._inside)
        self._deltas = ToolCallDeltas()
        self._chars = 0
        self._reason: Any = None
        self.usage: Usage | None = None
        self.begun = False  # a part of the answer came, if only its reasoning
        self.finished = False  # a reason to finish came
        self.done = False  # the stream's own end came

    def feed(self, packet: bytes) -> str:
        """The words in this packet; `BadStream` for what is not the format or past every bound.

        `EndpointError` holds the endpoint's own words.
        """
        try:
            return "".join([self._line(line) for line in self._lines.feed(packet)])
        except RecursionError as error:
            raise BadStream("an answer that is nested without end") from error

    def finish(self) -> str:
        """The words that were held until now, where the stream ended."""
        try:
            return self._rest()
        except RecursionError as error:
            raise BadStream("an answer that is nested without end") from error

    def _rest(self) -> str:
        words = "".join([self._line(line) for line in self._lines.finish()])
        if self._data.parts:
            data = self._data.take().rstrip()
            words += self._event(data.removesuffix(b"]") if self._data.document else data)
        return words + self._end()

    def calls(self) -> tuple[ToolCall, ...]:
        """The tools asked for."""
        return self._deltas.calls

    @property
    def unopened(self) -> bool:
        """Whether its reasoning ended without having been opened."""
        return self._words.unopened

    @property
    def out_of_tokens(self) -> bool:
        """Whether its tokens ended before there was a word or a tool, as reasoning does it."""
        return self._reason == "length" and not self._chars and not self._deltas.calls

    def _line(self, line: bytes) -> str:
        if not line or self.done or self._data.parts:
            return self._held_line(line.strip())
        data = data_of(line)
        return "" if data is None else self._event(data, whole=False, document=line[:1] in b"[{")

    def _held_line(self, line: bytes) -> str:
        """A line after a part that is held: an empty one ends the event."""
        if self.done or not self._data.parts:
            return ""
        if self._data.document:
            self._data.hold(line)
            return ""
        if not line:
            return self._event(self._data.take())
        data = data_of(line)
        if data is not None:
            self._data.hold(data)
        return ""

    def _event(self, data: bytes, *, whole: bool = True, document: bool = False) -> str:
        """The words of an event's data; a part that cannot be all of it is held."""
        if data == b"[DONE]":
            self.done = True
            return self._end()
        if not data and not document:
            return ""
        try:
            chunk = _decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            if not whole and str(error) == _TRUNCATED:
                self._data.hold(data)
                self._data.document = document
                return ""
            raise BadStream(f"not a completion chunk: {error}") from error
        if chunk.error:
            raise EndpointError(error_words(chunk.error))
        if chunk.usage is not None:
            self.usage = _usage(chunk.usage) or self.usage
        if not chunk.choices:
            _raise_refusal(data)
            return ""
        return self._choice(chunk.choices[0])

    def _choice(self, choice: _Choice) -> str:
        words = ""
        self.begun = True
        if not self.finished:
            delta = choice.delta or choice.message or _NO_DELTA
            content = delta.content
            if not isinstance(content, str):
                content = _text_of(content) or delta.refusal or ""
            words = self._words.feed(content)
            if delta.tool_calls is not None or delta.function_call is not None:
                self._add_calls(delta)
        # Some give an empty text or "null" with each piece.
        reason = choice.finish_reason
        if reason and reason != "null":
            if reason == "error":
                raise EndpointError("the answer ended with an error")
            self._reason, self.finished = reason, True
            words += self._end()
        self._chars += len(words)
        if self._chars > MAX_TEXT_CHARS:
            raise BadStream(f"over {MAX_TEXT_CHARS} characters for one answer")
        return words

    def _end(self) -> str:
        presumed = self._words.presumed
        words = self._words.finish()
        if presumed and self._reason == "length":
            words = ""  # its tokens ended in the middle of its reasoning
        for written in self._words.tool_calls:
            self._deltas.add_written(written)
        self._words.tool_calls.clear()
        return words

    def _add_calls(self, delta: _Delta) -> None:
        deltas = delta.tool_calls or ()
        for call in (deltas,) if isinstance(deltas, _CallDelta) else deltas:
            function = call.function or _Function()
            self._deltas.add(
                call.index,
                str(call.id or ""),
                function.name or call.name or "",
                call.arguments if function.arguments is None else function.arguments,
            )
        function_call = delta.function_call
        if function_call is not None:
            name, arguments = function_call.name or "", function_call.arguments
            self._deltas.add("function_call", "", name, arguments)


def error_words(error: Any) -> str:
    """What an endpoint says of its error, from any of the shapes in use."""
    for _ in range(_DEEPEST_ERROR):
        if isinstance(error, dict):
            said = [error[field] for field in _ERROR_FIELDS if error.get(field)]
            error = said[0] if said else "an error without a word"
        elif isinstance(error, list):
            error = error[0] if error else "an error without a word"
        else:
            return " ".join(str(error).split())
    return "an error that is nested without end"


def refusal_words(body: bytes) -> str:
    """What an endpoint says in the body of a refusal; nothing where that is no JSON."""
    try:
        return error_words(msgspec.json.decode(body))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def _raise_refusal(data: bytes) -> None:
    """A chunk without choices may be an error: `{"object": "error", …}`, `{"detail": …}`."""
    refusal = _decode_refusal(data)
    says = refusal.detail or refusal.message
    if refusal.object == "error" or refusal.detail or isinstance(refusal.message, str):
        raise EndpointError(error_words(says or "error"))


def _text_of(content: Any) -> str:
    """The spoken text of a content that is null, one part or a list of parts."""
    if not content:
        return ""
    text = ""
    for part in [content] if isinstance(content, dict) else content:
        if isinstance(part, str):
            text += part
        elif isinstance(part, dict) and part.get("type", "text") in _SPOKEN_PARTS:
            words = part.get("text") or part.get("refusal")
            text += words if isinstance(words, str) else ""
    return text


def _usage(given: Any) -> Usage | None:
    try:
        return msgspec.convert(given, Usage, strict=False)
    except msgspec.ValidationError:
        return None  # a measurement, of which nothing depends
