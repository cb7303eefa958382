"""The conversation as the model sees it.

Grows only at its end, so that the replicas' prefix cache holds.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from warmline.kernel.call import CallPlan, Passage
from warmline.kernel.conversation import Message

MAX_PASSAGE_WORDS: Final = 60
OUT_OF_REACH: Final = (
    "Knowledge: it cannot be reached just now. Where the caller asks for something that is not "
    "above, say that you cannot reach it at the moment; never say that you do not have it."
)
# A document's own brackets could end its quotation, or be a model's signs for a turn or a tool
# (<|im_end|>, [INST], <tool_call>): they are words of another alphabet from here on.
_BRACKETS: Final = str.maketrans("<>[]", "‹›()")
# What does not show may carry words all the same: zero width, direction marks, tags.
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\uffff\U000e0000-\U000e0fff\x00-\x08\x0e-\x1f\x7f-\x9f]"
)


class Context:
    """The messages after the system prompt.

    The agent's last words may still be cut to what was heard.
    """

    def __init__(
        self,
        plan: CallPlan,
        messages: Sequence[Message] = (),
        *,
        known: Callable[[str], str] = str,
    ) -> None:
        """`known` takes out of a text what is known by now to be a card's number."""
        self._known = known
        self._prompt = Message("system", plan.agent.prompt)
        self._messages = list(messages)

    @property
    def messages(self) -> tuple[Message, ...]:
        """Everything after the prompt."""
        return tuple(self._messages)

    def for_model(self, *, turn: Sequence[Message] = ()) -> list[Message]:
        """The messages of a request: prompt, conversation, and those of a turn not committed."""
        return [self._prompt, *map(self._told, _asked_together(self._messages, turn))]

    def _told(self, message: Message) -> Message:
        if message.role != "user" or not message.content:
            return message
        content = self._known(message.content)
        return message if content == message.content else Message("user", content)

    @property
    def unanswered(self) -> str:
        """What the caller said last, if the agent said nothing to it."""
        last = self._messages[-1] if self._messages else None
        return (last.content or "") if last is not None and last.role == "user" else ""

    def add(self, messages: Sequence[Message]) -> None:
        """Commit messages."""
        self._messages = _asked_together(self._messages, messages)

    def agent_said(self, text: str) -> None:
        """The agent's words, as far as the caller heard them; nothing heard leaves nothing."""
        if text:
            self._messages.append(Message("assistant", text))


def caller_turn(
    text: str, passages: Sequence[Passage], *, out_of_reach: bool = False
) -> list[Message]:
    """The messages of a caller's turn: any knowledge directly before the words.

    Each passage is a quotation of one line, which nothing in it ends. Of knowledge that did not
    answer the model is told so: what it was not given is not what there is not.
    """
    user = Message("user", text)
    if out_of_reach:
        return [Message("system", OUT_OF_REACH), user]
    if not passages:
        return [user]
    lines = [f"[{n}] {_short(passage.text)}" for n, passage in enumerate(passages, 1)]
    return [Message("system", "Knowledge:\n" + "\n".join(lines)), user]


def _asked_together(before: Sequence[Message], turn: Sequence[Message]) -> list[Message]:
    """Two turns of the caller's in a row are one, after its knowledge.

    The model expects to have answered: of two messages it would answer the second alone.
    """
    asked = next((n for n, message in enumerate(turn) if message.role == "user"), None)
    if asked is None or not before or before[-1].role != "user":
        return [*before, *turn]
    both = Message("user", f"{before[-1].content} {turn[asked].content}")
    return [*before[:-1], *turn[:asked], both, *turn[asked + 1 :]]


def _short(text: str) -> str:
    plain = _UNSEEN.sub("", text).translate(_BRACKETS)
    return " ".join(plain.split()[:MAX_PASSAGE_WORDS])
