"""Each model reads the conversation in the form it knows."""

from telephony.media.replicas.read_by import as_read_by
from warmline.kernel.conversation import Message

CONVERSATION = [
    Message("system", "You are Mia. Open 8:00-18:00."),
    Message("user", "Tuesday at 10:30, please."),
    Message("assistant", "Is it for Dr. Lee?"),
    Message("user", "..."),
    Message("assistant", tool_calls=({"id": "1"},)),
]


def test_a_model_that_was_trained_on_speech_reads_what_was_said() -> None:
    """Only the caller's words change; what has no words is left as it was."""
    assert as_read_by("frontdesk", CONVERSATION) == [
        CONVERSATION[0],
        Message("user", "tuesday at ten thirty please"),
        *CONVERSATION[2:],
    ]


def test_any_other_model_reads_what_was_written() -> None:
    """A large model understands figures and punctuation better than their lack."""
    assert as_read_by("some-model-7b", CONVERSATION) == CONVERSATION
