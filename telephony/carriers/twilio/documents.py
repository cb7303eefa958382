"""What call control decides as TwiML, in Twilio's own classes."""

from twilio.twiml.voice_response import Connect as ConnectVerb
from twilio.twiml.voice_response import Start, Stream, VoiceResponse

from telephony.control.decisions import (
    Connect,
    Decision,
    Dial,
    ForkToShadow,
    HangUp,
    Hold,
    MediaStream,
    Refuse,
    TakeMessage,
)

_RESUME = "/twilio/resume"
_DIALLED = "/twilio/dialed"
MAX_MESSAGE_SECONDS = 120


def render(decision: Decision) -> str:
    """The TwiML of a decision.

    `attempt` and `holds` stand in addresses, so they are signed and cannot be made up.
    """
    response = VoiceResponse()
    match decision:
        case Connect(stream, attempt):
            connect = ConnectVerb()
            connect.append(_stream(stream))
            response.append(connect)
            response.redirect(f"{_RESUME}?attempt={attempt}", method="POST")
        case ForkToShadow(stream, human_number):
            start = Start()
            start.append(_stream(stream, track="both_tracks"))
            response.append(start)
            response.dial(human_number, action=_DIALLED, method="POST")
        case Dial(human_number, say):
            _say(response, say)
            response.dial(human_number, action=_DIALLED, method="POST")
        case Hold(seconds, attempt, holds, say):
            _say(response, say)
            response.pause(length=seconds)
            response.redirect(f"{_RESUME}?attempt={attempt}&holds={holds}", method="POST")
        case TakeMessage(say):
            _say(response, say)
            response.record(
                action=_DIALLED, method="POST", max_length=MAX_MESSAGE_SECONDS, play_beep=True
            )
            response.hangup()
        case Refuse(say):
            _say(response, say)
            response.hangup()
        case HangUp():
            response.hangup()
    return str(response)


def _say(response: VoiceResponse, sentence: str) -> None:
    if sentence:
        response.say(sentence)


def _stream(stream: MediaStream, track: str | None = None) -> Stream:
    element = Stream(url=stream.url, track=track) if track else Stream(url=stream.url)
    element.parameter(name="call", value=stream.call_id)
    element.parameter(name="token", value=stream.token)
    return element
