"""A card's number in a turn that was taken: out of the recording, out of what is stored."""

from typing import Protocol

import msgspec

from telephony.media.audio.recording import RecordingBuffer
from telephony.media.event_outbox import Journal
from telephony.media.speech.card_guard import CardGuard
from warmline.kernel.call import CallerTurn, CardNumberSaid, Happening, Retrieved
from warmline.kernel.conversation import Message


class StoringResources(Protocol):
    """Where a call's words and sounds are kept."""

    @property
    def journal(self) -> Journal: ...

    @property
    def recording(self) -> RecordingBuffer: ...


def take_turn(
    resources: StoringResources, cards: CardGuard, *, turn: int, began_ms: float, ended_ms: float
) -> None:
    """The turn is over, and is about to be told as an event.

    A turn that may be the beginning of a card's number is held back until that is known.
    """
    stretches = cards.take(began_ms=began_ms, ended_ms=ended_ms)
    for stretch in stretches:
        resources.recording.blank(from_ms=stretch.from_ms, until_ms=stretch.until_ms)
    if cards.is_open:
        resources.journal.hold(lambda happening: _edited(happening, cards))
        return
    resources.journal.release()
    if stretches:
        from_ms = min(stretch.from_ms for stretch in stretches)
        until_ms = max(stretch.until_ms for stretch in stretches)
        resources.journal.add(CardNumberSaid(turn, max(0.0, from_ms), until_ms))


def storable(message: Message, cards: CardGuard) -> Message:
    """A message of the conversation as it may be stored now."""
    if message.role != "user" or not message.content:
        return message
    return msgspec.structs.replace(message, content=cards.stored(message.content))


def _edited(happening: Happening, cards: CardGuard) -> Happening:
    if isinstance(happening, CallerTurn):
        return msgspec.structs.replace(happening, text=cards.settled(happening.text))
    if isinstance(happening, Retrieved):
        return msgspec.structs.replace(happening, query=cards.settled(happening.query))
    return happening
