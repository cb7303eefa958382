"""The carrier's wire format."""

import base64
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.carriers.twilio.stream_codec import TwilioWriter, parse_twilio
from telephony.carriers.wire import (
    MAX_MESSAGE_BYTES,
    Connected,
    Dtmf,
    Mark,
    Media,
    Start,
    Stop,
    StreamError,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
events = st.sampled_from(["connected", "start", "media", "mark", "dtmf", "stop", "other"])


def wire(content: dict[str, Any]) -> bytes:
    return msgspec.json.encode(content)


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_message_or_an_error(raw: bytes) -> None:
    """The parser never raises."""
    parse_twilio(raw)


@given(events, json_values, json_values)
def test_any_fields_are_a_message_or_an_error(event: str, body: Any, stream: Any) -> None:
    """Right events with wrong insides included."""
    parsed = parse_twilio(
        wire({"event": event, event: body, "streamSid": stream, "start": body, "media": body})
    )
    assert parsed is not None


@given(st.binary(max_size=9000))
def test_audio_goes_through_unchanged(payload: bytes) -> None:
    """What is encoded for the carrier has the carrier's own shape of media."""
    message = msgspec.json.decode(TwilioWriter("MZ1").media(payload))
    message["media"] |= {"track": "inbound", "timestamp": "40"}
    assert parse_twilio(wire(message)) == Media("MZ1", "inbound", 40, payload)


def test_every_message_of_the_carrier_is_read() -> None:
    """As the carrier documents them, numbers written as strings."""
    start = {
        "streamSid": "MZ1",
        "accountSid": "AC1",
        "callSid": "CA1",
        "tracks": ["inbound", "outbound"],
        "customParameters": {"call": "c", "token": "t"},
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    }
    media = {
        "track": "inbound",
        "chunk": "2",
        "timestamp": "25",
        "payload": base64.b64encode(b"\xff" * 160).decode(),
    }
    assert parse_twilio(
        wire({"event": "connected", "protocol": "Call", "version": "1.0.0"})
    ) == Connected("Call")
    assert parse_twilio(
        wire({"event": "start", "sequenceNumber": "1", "streamSid": "MZ1", "start": start})
    ) == Start("MZ1", "CA1", ("inbound", "outbound"), {"call": "c", "token": "t"})
    assert parse_twilio(
        wire({"event": "media", "sequenceNumber": "3", "streamSid": "MZ1", "media": media})
    ) == Media("MZ1", "inbound", 25, b"\xff" * 160)
    assert parse_twilio(wire({"event": "mark", "streamSid": "MZ1", "mark": {"name": "m"}})) == Mark(
        "MZ1", "m"
    )
    assert parse_twilio(
        wire({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": "#"}})
    ) == Dtmf("MZ1", "#")
    assert parse_twilio(
        wire({"event": "stop", "streamSid": "MZ1", "stop": {"callSid": "CA1"}})
    ) == Stop("MZ1")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{"event": NaN}', "not_json"),
        (b"\xff\xfe", "not_utf8"),
        (b"[1]", "not_object"),
        (b"5", "not_object"),
        (b"{}", "unknown_event"),
        (b'{"event": "party"}', "unknown_event"),
        (b'{"event": ["media"]}', "unknown_event"),
        (b'{"event": "media"}', "bad_fields"),
        (b'{"event": "media", "streamSid": 5, "media": {"payload": ""}}', "bad_fields"),
        (b'{"event": "media", "streamSid": "M", "media": {"payload": "%%%%"}}', "bad_base64"),
        (b'{"event": "media", "streamSid": "M", "media": {"payload": "abc"}}', "bad_base64"),
        (b'{"event":"start","start":{"streamSid":"' + b"M" * 101 + b'"}}', "bad_fields"),
        (b"[" * 20_000, "too_deep"),
        (b"x" * (MAX_MESSAGE_BYTES + 1), "too_big"),
    ],
)
def test_a_refusal_says_its_reason(raw: bytes, reason: str) -> None:
    """Counted by reason; the detail is for the log."""
    refused = parse_twilio(raw)
    assert isinstance(refused, StreamError)
    assert refused.reason == reason


def test_marks_and_clears_are_the_carriers() -> None:
    """Names are escaped as JSON."""
    writer = TwilioWriter('M"Z')
    assert msgspec.json.decode(writer.clear()) == {"event": "clear", "streamSid": 'M"Z'}
    assert msgspec.json.decode(writer.mark('a"b')) == {
        "event": "mark",
        "streamSid": 'M"Z',
        "mark": {"name": 'a"b'},
    }
