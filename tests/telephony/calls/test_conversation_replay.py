"""What was said in a call, rebuilt from its rows in the very bytes that the media plane stores."""

from datetime import UTC, datetime
from typing import Any

from msgspec import structs

from telephony.calls import conversation_replay
from telephony.calls.projection import StoredEvent
from warmline.kernel.conversation import decode_conversation, encode_conversation

START = datetime(2026, 11, 21, 12, tzinfo=UTC)

STORED = (
    b'{"turn":2,"messages":['
    b'{"role":"assistant","content":"Hello. How can I help?"},'
    b'{"role":"user","content":"o\xc3\xb9 est le plombier"},'
    b'{"role":"assistant","tool_calls":[{"id":"turn1_a","type":"function","function":'
    b'{"name":"check_status","arguments":"{\\"reference\\": \\"five\\"}"}}]},'
    b'{"role":"tool","content":"{\\"state\\": \\"on the way\\"}","tool_call_id":"turn1_a"},'
    b'{"role":"assistant","content":"It is on the way."},'
    b'{"role":"user","content":"and tomorrow"}],"at_ms":500.5,"kept_at":1795262400.0}'
)


def event(number: int, kind: str, *, epoch: int = 1, at_ms: float = 0.0, **payload: Any) -> Any:
    return StoredEvent(epoch, number, kind, "us-east", START, at_ms, payload)


TALK = (
    event(1, "caller_turn", epoch=2, at_ms=500.5, turn=2, text="and tomorrow"),
    event(1, "call_answered"),
    event(2, "sentence_heard", turn=0, index=0, heard="Hello."),
    event(3, "sentence_heard", turn=0, index=1, heard="How can I help?"),
    event(4, "caller_turn", turn=1, text="où est le plombier"),
    event(
        5,
        "tool_called",
        turn=1,
        tool_call_id="turn1_a",
        name="check_status",
        arguments='{"reference": "five"}',
    ),
    event(6, "tool_returned", tool_call_id="turn1_a", ok=True, result='{"state": "on the way"}'),
    event(7, "tool_called", turn=1, tool_call_id="turn1_b", name="book_visit", arguments="{}"),
    event(8, "sentence_heard", turn=1, index=0, heard="It is on the way."),
    event(9, "sentence_heard", turn=1, index=1, heard=""),
)


def test_rows_become_the_bytes_that_a_media_process_takes_up() -> None:
    """Sentences of a side are joined, a tool without an answer is left out, epochs are in order."""
    assert conversation_replay.conversation(TALK) == STORED


def test_a_media_process_reads_and_stores_the_same_bytes() -> None:
    """One of the version before told no time of day, and is read all the same."""
    assert encode_conversation(decode_conversation(STORED)) == STORED
    before = STORED.replace(b',"kept_at":1795262400.0', b"")
    assert decode_conversation(before) == structs.replace(decode_conversation(STORED), kept_at=0.0)


def test_a_call_in_which_nothing_was_said_has_no_conversation() -> None:
    """An answered call without a word is greeted anew."""
    assert conversation_replay.conversation([event(1, "call_answered")]) is None
