"""What call control decides. Each carrier's `documents.py` writes a decision on its own wire."""

from dataclasses import dataclass

NOT_IN_SERVICE = (
    "Sorry, the number you have dialed is not in service. Please check it and try again. Goodbye."
)
CANNOT_NOW = (
    "Sorry, we cannot take your call right now. Please try again in a few minutes. Goodbye."
)
ONE_MOMENT = "One moment please, we are connecting you to a person."
STAY_ON_THE_LINE = "One moment please."
NOBODY_FREE = (
    "Sorry, nobody is free to take your call right now."
    " Please leave a message after the tone, and we will call you back."
)

LEAVE_MESSAGE = "Sorry, we are closed right now. Please leave a message after the tone."
CLOSED_NOW = "Sorry, we are closed right now. Please call again during our opening hours. Goodbye."


@dataclass(frozen=True, slots=True)
class MediaStream:
    """Where a call's audio goes: a media process's wss:// address, and what opens its door.

    Nothing private goes to a carrier but the call's token.
    """

    url: str
    call_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Connect:
    """The agent takes the call; when its stream ends, the carrier asks what comes next.

    `attempt` counts the call's streams.
    """

    stream: MediaStream
    attempt: int


@dataclass(frozen=True, slots=True)
class ForkToShadow:
    """A person takes the call; both voices are copied to the media plane, which only listens."""

    stream: MediaStream
    human_number: str


@dataclass(frozen=True, slots=True)
class Dial:
    """A person takes the call, after a sentence where one is due."""

    human_number: str
    say: str = ""


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Nobody is there: after a sentence the caller may leave a message of at most two minutes."""

    say: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The caller waits, for the `holds`th time since the last stream; then the carrier asks again.

    `attempt` counts the call's streams.
    """

    seconds: int
    attempt: int
    holds: int
    say: str = ""


@dataclass(frozen=True, slots=True)
class Refuse:
    """A polite sentence, then the end."""

    say: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """The end, without a word."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the same question was answered before, word for word as the carrier was sent it."""

    document: str


Decision = Connect | ForkToShadow | Dial | TakeMessage | Hold | Refuse | HangUp | Remembered
