"""What the carrier is told to do, in Twilio's own classes.
Nothing private goes in here but the call's token.
"""

from dataclasses import dataclass

from twilio.twiml.voice_response import Connect, Start, Stream, VoiceResponse

_RESUME = "/twilio/resume"
_DIALLED = "/twilio/dialed"


@dataclass(frozen=True, slots=True)
class StreamTo:
    """Where a call's audio goes: a media worker's wss:// address, and what opens its door."""

    url: str
    call_id: str
    token: str


def connect_stream(stream: StreamTo, *, attempt: int) -> str:
    """The agent takes the call; when its stream ends, the carrier asks /twilio/resume what is next.

    `attempt` counts the call's streams. It stands in the address, so it is signed and cannot be
    made up.
    """
    response = VoiceResponse()
    connect = Connect()
    connect.append(_stream(stream))
    response.append(connect)
    response.redirect(f"{_RESUME}?attempt={attempt}", method="POST")
    return str(response)


def hold_the_line(*, attempt: int, holds: int, seconds: int, say: str) -> str:
    """The caller waits a moment, for the `holds`th time;
    then the carrier asks /twilio/resume again.
    """
    response = VoiceResponse()
    if say:
        response.say(say)
    response.pause(length=seconds)
    response.redirect(f"{_RESUME}?attempt={attempt}&holds={holds}", method="POST")
    return str(response)


def fork_to_screen(stream: StreamTo, *, human_number: str) -> str:
    """A person takes the call; both voices are copied to the media plane, which only listens."""
    response = VoiceResponse()
    start = Start()
    start.append(_stream(stream, track="both_tracks"))
    response.append(start)
    response.dial(human_number, action=_DIALLED, method="POST")
    return str(response)


def dial_human(human_number: str, *, say: str = "") -> str:
    """A person takes the call, after a sentence where one is due."""
    response = VoiceResponse()
    if say:
        response.say(say)
    response.dial(human_number, action=_DIALLED, method="POST")
    return str(response)


def take_message(say: str) -> str:
    """Nobody is there: the caller may leave a message of at most two minutes."""
    response = VoiceResponse()
    response.say(f"{say} Please leave a message after the tone, and we will call you back.")
    response.record(action=_DIALLED, method="POST", max_length=120, play_beep=True)
    response.hangup()
    return str(response)


def refuse(say: str) -> str:
    """A polite sentence, then the end."""
    response = VoiceResponse()
    response.say(say)
    response.hangup()
    return str(response)


def hang_up() -> str:
    """The end, without a word."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def _stream(stream: StreamTo, track: str | None = None) -> Stream:
    element = Stream(url=stream.url, track=track) if track else Stream(url=stream.url)
    element.parameter(name="call", value=stream.call_id)
    element.parameter(name="token", value=stream.token)
    return element
