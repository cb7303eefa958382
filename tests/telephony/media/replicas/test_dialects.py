"""Endpoints that call themselves OpenAI-compatible, each in its own dialect, over a real socket."""

from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import Any

import aiohttp
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.fleet.chat_requests import RefusedFields, api_url, key_headers
from telephony.media.replicas.completion import Completion
from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.errors import BadStream, EveryRungFailed
from telephony.media.replicas.failover_ladder import FailoverLadder
from telephony.media.replicas.llm import LlmClient
from telephony.media.replicas.replica_picker import ReplicaPicker
from telephony.media.replicas.sse import CompletionReader
from telephony.media.replicas.unspoken import SpokenWords
from tests.fakes.dialects import ENDPOINTS, Answer, DialectServer, recorded, refusal, sse
from tests.telephony.media.plane import ListedReplicas
from tests.telephony.media.plans import plan
from warmline.kernel.conversation import Message

REPLY = "We are open until six. Anything else?"
KEY = "sk-of-this-endpoint"
BOOKING = ("book_visit", {"service": "drain cleaning", "day": "tuesday"})
LOOK_UP = ("check_status", {"reference": "four seven two"})


class Caller:
    """Asks an endpoint as a call does, and keeps what failed."""

    def __init__(self, http: aiohttp.ClientSession, server: DialectServer) -> None:
        self.server = server
        self.failures: list[str] = []
        self.picker = ReplicaPicker(ListedReplicas())
        self._http = http

    async def ask(self, *, said: str = "hello", so_far: str = "") -> Completion:
        """One answer, or what there is of it."""
        replicas = ListedReplicas()
        replicas.urls["think"] = [self.server.url]
        self.picker._replicas = replicas
        ladder = FailoverLadder(plan(), self.picker, self._failed)
        client = LlmClient(self._http, ladder, tools=plan().agent.tools, key=lambda _: KEY)
        completion = Completion(text=so_far)
        async for _ in client.stream([Message("user", said)], completion):
            pass
        return completion

    def _failed(self, role: object, endpoint: Endpoint, why: str, after: str) -> None:
        self.failures.append(why)


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    """A caller of an endpoint that speaks whatever dialect the test gives it."""
    server = await DialectServer().start()
    async with aiohttp.ClientSession() as http:
        yield Caller(http, server)
    await server.stop()


def called(completion: Completion) -> list[tuple[str, Any]]:
    """The tools that were asked for."""
    return [(call.name, msgspec.json.decode(call.arguments)) for call in completion.calls]


@pytest.mark.parametrize("packet_bytes", [1 << 16, 7])
@pytest.mark.parametrize("kind", ["reply", "reasoning"])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
async def test_the_words_are_spoken_and_never_the_reasoning(
    caller: Caller, endpoint: str, kind: str, packet_bytes: int
) -> None:
    """In fields of its own, as parts, between tags, cut anywhere."""
    caller.server.answers = [recorded(endpoint, kind)]
    caller.server.packet_bytes = packet_bytes
    completion = await caller.ask()
    assert completion.text.strip() == REPLY
    assert (completion.calls, caller.failures) == ((), [])
    if endpoint != "groq":  # its usage is in a field of its own
        assert completion.usage is not None


@pytest.mark.parametrize("endpoint", ENDPOINTS)
async def test_two_tools_at_once_stay_two(caller: Caller, endpoint: str) -> None:
    """With an index, without one, all at 0, whole or in pieces, with names and ids repeated."""
    caller.server.answers = [recorded(endpoint, "tool_call")]
    completion = await caller.ask()
    assert called(completion) == [BOOKING, LOOK_UP]
    assert len({call.id for call in completion.calls}) == 2
    assert (completion.text, caller.failures) == ("", [])


@pytest.mark.parametrize("endpoint", ENDPOINTS)
async def test_an_error_is_told_in_the_endpoints_own_words(caller: Caller, endpoint: str) -> None:
    """As a status, as a body inside a 200, as an event; with words before it or without."""
    answer = recorded(endpoint, "error")
    caller.server.answers = [answer]
    with suppress(EveryRungFailed):
        await caller.ask()
    assert answer.says
    assert answer.says in caller.failures[0]


def chunk(reason: Any = None, **delta: Any) -> dict[str, Any]:
    """One piece of an answer."""
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}


class Read(CompletionReader):
    """A reader that was fed these packets and nothing more; `text` is what it gave."""

    def __init__(self, packets: Iterable[bytes]) -> None:
        super().__init__()
        self.text = "".join([*map(self.feed, packets), self.finish()])


def read(*packets: bytes) -> Read:
    """All of them, one after the other."""
    return Read(packets)


ONE = msgspec.json.encode(chunk(content="yes"))
PRETTY = b"\n".join(b"data: " + line for line in msgspec.json.format(ONE, indent=2).splitlines())
WHOLE = msgspec.json.encode(
    {"choices": [{"message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}]}
)


@pytest.mark.parametrize(
    "body",
    [
        b"data: " + ONE + b"\n\n",
        b"data:" + ONE + b"\n\n",
        b"data: " + ONE,
        b"\xef\xbb\xbfdata: " + ONE + b"\n\n",
        b"data: " + ONE + b"\r\n\r\n",
        b"data: " + ONE + b"\r\r",
        b": comment\n\n:\nevent: message\nid: 7\nretry: 10\ndata: " + ONE + b"\n\n",
        PRETTY + b"\n\n",
        PRETTY.replace(b"\n", b"\r\n") + b"\r\n\r\n",
        PRETTY.replace(b"\n", b"\r") + b"\r\r",
        PRETTY,
        ONE + b"\n",
        WHOLE,
        msgspec.json.format(WHOLE, indent=2) + b"\n",
        b"[" + WHOLE + b"]",
    ],
)
@pytest.mark.parametrize("step", [1, 5, 4096])
def test_an_event_is_read_however_it_is_framed(body: bytes, step: int) -> None:
    """Over several lines, with any line end, with comments, without a blank line or a space."""
    reader = read(*(body[n : n + step] for n in range(0, len(body), step)))
    assert reader.text == "yes"


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        ({"content": None}, ""),
        ({"role": "assistant"}, ""),
        ({"content": ["a", {"type": "text", "text": "b"}, {"type": "image_url"}]}, "ab"),
        ({"content": {"type": "text", "text": "c"}}, "c"),
        (
            {
                "content": [
                    {"type": "thinking", "thinking": "x"},
                    {"type": "reasoning", "text": "y"},
                ]
            },
            "",
        ),
        ({"content": "", "reasoning_content": "x", "reasoning": "y", "thinking": ["z"]}, ""),
        ({"content": None, "refusal": "I can not do that."}, "I can not do that."),
    ],
)
def test_only_what_is_meant_to_be_said_is_said(delta: dict[str, Any], words: str) -> None:
    """Contents of any type."""
    assert read(b"data: " + msgspec.json.encode(chunk(**delta)) + b"\n\n").text == words


@pytest.mark.parametrize(
    "reason", ["stop", "length", "tool_calls", "eos", "end_turn", 2, {"type": "stop"}]
)
def test_any_reason_to_finish_is_one(reason: Any) -> None:
    """An empty one, or "null" with every piece, is none."""
    reader = read(
        *(
            b"data: " + msgspec.json.encode(chunk(r, content=w)) + b"\n\n"
            for r, w in [("", "a"), ("null", "b"), (reason, "c")]
        )
    )
    assert (reader.text, reader.finished) == ("abc", True)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ({"error": "no slot"}, "no slot"),
        ({"error": {"message": "too long", "code": 400}}, "too long"),
        ({"error": {"code": "rate_limited"}}, "rate_limited"),
        ({"error": {"error": {"message": "inner"}}}, "inner"),
        ({"object": "error", "message": "engine died"}, "engine died"),
        ({"detail": "Not authenticated"}, "Not authenticated"),
        ({"detail": [{"loc": ["body"], "msg": "field required"}]}, "field required"),
        ({"type": "error", "error": {"type": "api_error", "message": "oops"}}, "oops"),
        (chunk("error", content=""), "ended with an error"),
    ],
)
@pytest.mark.parametrize("prefix", [b"data: ", b"", b"event: error\ndata: "])
def test_an_error_inside_an_answer_is_its_own_words(
    error: dict[str, Any], says: str, prefix: bytes
) -> None:
    """Every shape in use, as an event and as a body."""
    with pytest.raises(BadStream, match=says):
        read(prefix + msgspec.json.encode(error) + b"\n\n")


@pytest.mark.parametrize(
    "deep",
    [
        b'{"error": ' + b'{"message": ' * 5000 + b"1" + b"}" * 5001,
        b'{"message": ' + b"[" * 50_000,
        b'{"error": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"choices": [{"delta": {"content": ' + b"[" * 5000 + b"]" * 5000 + b"}}]}",
        b'{"choices": [{"delta": {"tool_calls": [{"function": {"name": "f", "arguments": '
        + b"[" * 900
        + b"]" * 900
        + b"}}]}}]}",
    ],
)
def test_what_is_nested_without_end_is_refused_or_read(deep: bytes) -> None:
    """Never anything but the one error."""
    with suppress(BadStream):
        read(b"data: " + deep + b"\n\n")
    with suppress(BadStream):
        read(deep)


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [b"data: ", b"data:", b"\n", b"\r", b"{", b"}", b"[", b"]", ONE, WHOLE, b"[DONE]"]
        )
        | st.binary(max_size=6),
        max_size=12,
    )
)
def test_no_bytes_break_the_reader_but_by_its_own_error(packets: list[bytes]) -> None:
    """Whatever comes, in whatever order."""
    with suppress(BadStream):
        read(*packets)


def tool(name: str | None, arguments: Any, **more: Any) -> dict[str, Any]:
    """A piece of a tool call."""
    return {**more, "function": {"name": name, "arguments": arguments}}


A, B = '{"a": 1}', '{"b": 2}'


@pytest.mark.parametrize(
    ("pieces", "calls"),
    [
        ([tool("f", A), tool("g", B)], [("f", A), ("g", B)]),
        ([tool("f", A, index=0), tool("g", B, index=0)], [("f", A), ("g", B)]),
        ([tool("f", A, index=0, id="x"), tool("f", B, index=0, id="y")], [("f", A), ("f", B)]),
        ([tool("f", A), tool("f", B)], [("f", A), ("f", B)]),
        ([tool("f", A, id="x"), tool("f", B, id="x")], [("f", A), ("f", B)]),
        ([tool("f", A), tool("f", A)], [("f", A)]),
        ([tool("f", '{"a'), tool("f", '": 1}')], [("f", A)]),
        (
            [tool("f", "", id="x"), tool("f", '{"a', id="x"), tool(None, '": 1}', id="x")],
            [("f", A)],
        ),
        (
            [tool("f", "{}", index=0), tool(None, '{"a', index=0), tool(None, '": 1}', index=0)],
            [("f", A)],
        ),
        ([tool("f", '{"a', index=0, id="x"), tool(None, '": 1}', index=0, id="z")], [("f", A)]),
        ([tool("f", '{"a', index=0), tool(None, '": 1}')], [("f", A)]),
        ([tool("f", {"a": 1})], [("f", '{"a":1}')]),
        ([tool("f", None), tool("g", "")], [("f", ""), ("g", "")]),
        ([{"name": "f", "arguments": A}], [("f", A)]),
        ([tool("f", '{"a"', index=0), tool("f", A, index=0)], [("f", A)]),
        (
            [tool("f", "", id="x"), tool("g", B, id="y"), tool(None, A, id="x")],
            [("f", A), ("g", B)],
        ),
        ([tool(None, A)], []),
    ],
)
def test_tool_calls_are_put_together_in_any_dialect(
    pieces: list[dict[str, Any]], calls: list[tuple[str, str]]
) -> None:
    """One piece each delta, all in one delta, and a delta that holds no list."""
    many = read(
        *(b"data: " + msgspec.json.encode(chunk(tool_calls=[piece])) + b"\n" for piece in pieces)
    )
    once = read(b"data: " + msgspec.json.encode(chunk(tool_calls=pieces)) + b"\n")
    bare = read(
        *(b"data: " + msgspec.json.encode(chunk(tool_calls=piece)) + b"\n" for piece in pieces)
    )
    for reader in (many, once, bare):
        assert [(call.name, call.arguments) for call in reader.calls()] == calls


def test_functions_of_the_time_before_tools_and_calls_in_the_text_are_tools_too() -> None:
    """`function_call`; <tool_call> as JSON and as XML, which are not spoken."""
    old = read(
        b"data: "
        + msgspec.json.encode(chunk(function_call={"name": "f", "arguments": '{"a'}))
        + b"\n",
        b"data: " + msgspec.json.encode(chunk(function_call={"arguments": '": 1}'})) + b"\n",
    )
    assert [(call.name, call.arguments) for call in old.calls()] == [("f", A)]
    written = (
        'One moment. <tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call>'
        "<tool_call>\n<function=g>\n<parameter=b>\n2\n</parameter>\n</function>\n</tool_call>"
    )
    reader = read(b"data: " + msgspec.json.encode(chunk(content=written)) + b"\n")
    assert reader.text == "One moment. "
    assert [(call.name, call.arguments) for call in reader.calls()] == [
        ("f", '{"a":1}'),
        ("g", '{"b":"2"}'),
    ]


@pytest.mark.parametrize(
    ("written", "said", "calls"),
    [
        ('Ok. <|python_tag|>{"name": "f", "parameters": {"a": 1}}', "Ok. ", [("f", '{"a":1}')]),
        ('[TOOL_CALLS][{"name": "f", "arguments": {"a": 1}}]', "", [("f", '{"a":1}')]),
        ('[TOOL_CALLS]f[ARGS]{"a":1}', "", [("f", '{"a":1}')]),
        ('<function=f>{"a":1}</function>', "", [("f", '{"a":1}')]),
        (
            "<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call>",
            "",
            [("f", '{"a":"1"}')],
        ),
        ("<tool_call>f</tool_call>", "", [("f", "{}")]),
        ("At six.<|im_end|>", "At six.", []),
        ("<answer>At six.</answer></s>", "At six.", []),
        ("<|channel>thought\nwhen?<channel|>At six.", "At six.", []),
        ("<scratchpad>when?</scratchpad>At six.", "At six.", []),
    ],
)
@pytest.mark.parametrize("step", [1, 1000])
def test_no_template_is_heard(
    written: str, said: str, calls: list[tuple[str, str]], step: int
) -> None:
    """Calls in the models' own forms are tools; what frames an answer is nothing."""
    pieces = [written[at : at + step] for at in range(0, len(written), step)]
    events = [msgspec.json.encode(chunk(content=piece)) for piece in pieces]
    reader = read(*[b"data: " + event + b"\n" for event in events])
    assert reader.text == said
    assert [(call.name, call.arguments.replace(" ", "")) for call in reader.calls()] == calls


MARKS = [
    ("<think>", "</think>"),
    ("<THINK>", "</Think>"),
    ("<thinking>", "</thinking>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<seed:think>", "</seed:think>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
]


@settings(max_examples=60)
@given(st.sampled_from(MARKS), st.text("ab <é", max_size=12), st.data())
def test_no_reasoning_is_heard_wherever_the_words_are_cut(
    marks: tuple[str, str], words: str, data: st.DataObject
) -> None:
    """The words around it come out whole; neither an end alone nor an open beginning is said."""
    before, after = words.rstrip(" <"), words.strip(" <") + "!"
    text = f"{before}{marks[0]}secret < thought{marks[1]}{after}"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    spoken = SpokenWords()
    said = "".join(map(spoken.feed, pieces)) + spoken.finish()
    assert said.split() == f"{before}{after}".split() or said == f"{before}{after}"
    open_end = SpokenWords()
    assert "secret" not in open_end.feed(f"{marks[0]}secret") + open_end.finish()
    end_alone = SpokenWords()
    assert end_alone.feed(f"secret{marks[1]}yes") + end_alone.finish() == "yes"


@given(st.lists(st.text("ab<>/think[]| ", max_size=6)))
def test_words_without_reasoning_lose_nothing(pieces: list[str]) -> None:
    """Half a mark that turns out to be none is said all the same."""
    text = "".join(pieces)
    if any(mark in text for mark in ("<think>", "</think>", "[think]", "[/think]")):
        return
    spoken = SpokenWords()
    assert "".join(map(spoken.feed, pieces)) + spoken.finish() == text


# ---- what an endpoint refuses --------------------------------------------------------------------

YES = sse(chunk(content="Yes."), chunk("stop"))
NO_MAX_TOKENS = refusal(
    {
        "error": {
            "message": "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            "type": "invalid_request_error",
            "param": "max_tokens",
            "code": "unsupported_parameter",
        }
    }
)
NO_TEMPERATURE = refusal(
    {
        "error": {
            "message": "Unsupported value: 'temperature' does not support 0 with this model.",
            "type": "invalid_request_error",
            "param": "temperature",
            "code": "unsupported_value",
        }
    }
)
NO_BOUND = refusal({"error": "max_completion_tokens: unknown field"})
NO_OPTIONS = refusal(
    {
        "detail": [
            {
                "type": "extra_forbidden",
                "loc": ["body", "stream_options"],
                "msg": "Extra inputs are not permitted",
                "input": {"temperature": 0},
            }
        ]
    },
    status="422 Unprocessable Entity",
)


async def test_a_field_that_is_refused_is_left_out_and_not_sent_again(caller: Caller) -> None:
    """max_tokens becomes max_completion_tokens; the next question is asked once."""
    caller.server.answers = [NO_MAX_TOKENS, NO_TEMPERATURE, NO_OPTIONS, YES]
    assert (await caller.ask()).text == "Yes."
    asked = caller.server.requests
    assert [("max_tokens" in body, "max_completion_tokens" in body) for body in asked] == [
        (True, False),
        *[(False, True)] * 3,
    ]
    assert [("temperature" in body, "stream_options" in body) for body in asked] == [
        *[(True, True)] * 2,
        (False, True),
        (False, False),
    ]
    assert (await caller.ask()).text == "Yes."
    assert len(asked) == 5
    assert caller.failures == []


async def test_an_endpoint_that_takes_neither_bound_is_asked_without(caller: Caller) -> None:
    """First max_tokens, then max_completion_tokens; tools are never left out."""
    caller.server.answers = [NO_MAX_TOKENS, NO_BOUND, YES]
    assert (await caller.ask()).text == "Yes."
    assert not {"max_tokens", "max_completion_tokens"} & caller.server.requests[-1].keys()
    assert "tools" in caller.server.requests[-1]


async def test_a_refusal_of_something_else_is_told_and_not_repeated(caller: Caller) -> None:
    """One request, its words, and neither the key nor what the caller said."""
    said = "my name is rosalind franklin"
    message = f"model not found for {KEY}: {said}"
    caller.server.answers = [refusal({"error": {"message": message, "param": "model"}})]
    with pytest.raises(EveryRungFailed):
        await caller.ask(said=said)
    assert len(caller.server.requests) == 1
    assert caller.failures == ["BadStream: status 400: model not found for …: …"]


async def test_an_endpoint_that_refuses_all_is_asked_a_few_times(caller: Caller) -> None:
    """The same refusal again and again ends."""
    caller.server.answers = [NO_OPTIONS]
    with pytest.raises(EveryRungFailed):
        await caller.ask()
    assert len(caller.server.requests) == 2


async def test_an_answer_is_continued_where_the_continuation_is_refused(caller: Caller) -> None:
    """By its name, or with nothing named: the answer is given anew and what was said left out."""
    unnamed = refusal({"error": {"message": "Expected last role User or Tool but got assistant"}})
    caller.server.answers = [unnamed, sse(chunk(content="We are open. Come in."), chunk("stop"))]
    completion = await caller.ask(so_far="We are open.")
    assert completion.text == "We are open. Come in."
    assert "continue_final_message" not in caller.server.requests[1]
    assert len(caller.server.requests[1]["messages"]) == 1


async def test_tokens_that_all_went_into_reasoning_are_not_counted_again(caller: Caller) -> None:
    """An answer of no words that ended by its length is asked once more without a bound."""
    thinking = sse(chunk(reasoning_content="hm"), chunk("length", content=""))
    caller.server.answers = [thinking, YES]
    assert (await caller.ask()).text == "Yes."
    assert "max_tokens" not in caller.server.requests[1]


async def test_reasoning_that_is_never_opened_is_heard_at_most_once(caller: Caller) -> None:
    """The template opened it: from the second answer on it is known; an answer without is whole."""
    pieces = ("The caller asks", " when. ", "</thi", "nk>", "\n\n", "At six.")
    reasoned = sse(*(chunk(content=piece) for piece in pieces), chunk("stop"))
    cut = sse(*(chunk(content=piece) for piece in pieces[:2]), chunk("length"))
    caller.server.answers = [reasoned, reasoned, cut, YES, YES, YES]
    await caller.ask()
    assert (await caller.ask()).text.strip() == "At six."
    assert (await caller.ask()).text == "Yes."  # the cut one was no answer: asked again
    assert (await caller.ask()).text == "Yes."
    assert caller.failures == []


def test_what_was_refused_is_forgotten_in_time_and_bounded() -> None:
    """An hour, and 256 endpoints."""
    clock = [0.0]
    refused = RefusedFields(clock_s=lambda: clock[0])
    for n in range(300):
        refused.add(f"http://{n}", frozenset({"temperature"}))
    assert refused.at("http://0") == frozenset()
    assert refused.at("http://299") == {"temperature"}
    clock[0] = 3601.0
    assert refused.at("http://299") == frozenset()


# ---- where an endpoint is asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "address", "header"),
    [
        ("http://h:8000", "http://h:8000/v1/chat/completions", "Authorization"),
        ("http://h:8000/", "http://h:8000/v1/chat/completions", "Authorization"),
        ("http://h:8000/v1", "http://h:8000/v1/chat/completions", "Authorization"),
        ("http://h:8000/v1/", "http://h:8000/v1/chat/completions", "Authorization"),
        ("https://h/api/v1", "https://h/api/v1/chat/completions", "Authorization"),
        ("https://h/openai", "https://h/openai/v1/chat/completions", "Authorization"),
        ("https://h/v1beta/openai/", "https://h/v1beta/openai/chat/completions", "Authorization"),
        ("https://h/x/chat/completions", "https://h/x/chat/completions", "Authorization"),
        (
            "https://h/openai/deployments/gpt?api-version=2024-10-21",
            "https://h/openai/deployments/gpt/chat/completions?api-version=2024-10-21",
            "api-key",
        ),
    ],
)
def test_an_address_is_taken_in_any_usual_spelling(
    base_url: str, address: str, header: str
) -> None:
    """With and without a version, Google's, Azure's, or the whole of it."""
    assert api_url(base_url, "chat/completions") == address
    assert list(key_headers(base_url, "k")) == [header]


async def test_azures_deployment_is_asked_with_its_version_and_its_own_header(
    caller: Caller,
) -> None:
    """Over the wire."""
    caller.server.answers = [YES]
    caller.server.url += "/openai/deployments/gpt?api-version=2024-10-21"
    assert (await caller.ask()).text == "Yes."
    assert caller.server.paths == [
        "/openai/deployments/gpt/chat/completions?api-version=2024-10-21"
    ]
    assert caller.server.headers[0]["api-key"] == KEY
    assert "authorization" not in caller.server.headers[0]


async def test_a_page_in_place_of_an_answer_is_no_answer(caller: Caller) -> None:
    """A 200 of HTML, an empty one, and comments alone."""
    for body in (b"<html>sign in</html>\n", b"", b": ping\n\n: ping\n\n"):
        caller.server.answers = [Answer("200 OK", "text/html", body)]
        caller.picker = ReplicaPicker(ListedReplicas())
        with pytest.raises(EveryRungFailed):
            await caller.ask()
    assert caller.failures == ["BadStream: the stream broke off"] * 3
