"""A conversation in the form that a model was trained to read. Pure."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from verticals.spoken.heard import heard_form
from warmline.kernel.conversation import Message

# Trained on what callers say, in small letters and without figures; any other model has read the
# world's writing and takes a transcript as it stands.
READERS_OF_SPEECH: Final = frozenset({"frontdesk"})


def as_read_by(model: str, messages: Sequence[Message]) -> list[Message]:
    """The messages; a caller's words are given as they were said to a model that knows no others.

    What has no words left, "..." for one, stays as it was written.
    """
    if model not in READERS_OF_SPEECH:
        return list(messages)
    return [
        replace(message, content=heard_form(message.content) or message.content)
        if message.role == "user" and message.content
        else message
        for message in messages
    ]
