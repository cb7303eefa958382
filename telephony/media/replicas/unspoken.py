"""What a model writes into its answer that is not meant for the caller's ear: its reasoning, and
tool calls as text. Pure.

The marks are those of the models that the servers' own parsers know (vLLM and SGLang, "Reasoning
parser" and "Tool parser").
"""

import re
from typing import Final

MAX_TOOL_CHARS: Final = 8 * 1024

_THINK_NAMES: Final = (
    *("think", "thinking", "thought", "thoughts", "reasoning", "reflection", "seed:think"),
    *("scratchpad", "analysis"),
)
# What opens a stretch that is not spoken, and what closes it.
_THOUGHTS: Final[dict[str, str]] = {
    **{f"<{name}>": f"</{name}>" for name in _THINK_NAMES},
    "[think]": "[/think]",
    "◁think▷": "◁/think▷",
    "<|channel|>analysis": "<|channel|>final<|message|>",
    "<|channel>thought": "<channel|>",
}
# Hermes and Qwen, Llama, Mistral; where nothing closes them they go on to the end.
_WRITTEN_CALLS: Final[dict[str, str]] = {
    "<tool_call>": "</tool_call>",
    "<function=": "</function>",
    "<|python_tag|>": "<|eom_id|>",
    "[tool_calls]": "</s>",
}
_CLOSES: Final[dict[str, str]] = {**_THOUGHTS, **_WRITTEN_CALLS}
# What a template ends or frames an answer with, where the server leaves it in.
_DROPPED: Final = (
    *("</tool_call>", "</s>", "<|im_end|>", "<|eot_id|>", "<|end|>", "<|return|>"),
    *("<|endoftext|>", "<end_of_turn>", "<answer>", "</answer>", "<response>", "</response>"),
)
# Some templates open the reasoning in the prompt: the answer holds its end alone.
_UNOPENED: Final = "</think>"
_MARKS: Final = (*_CLOSES, *_CLOSES.values(), *_DROPPED)
_ANY_MARK: Final = re.compile("|".join(map(re.escape, _MARKS)), re.IGNORECASE)
_END: Final = {close: re.compile(re.escape(close), re.IGNORECASE) for close in _CLOSES.values()}
_LONGEST: Final = max(map(len, _MARKS))
_FIRSTS: Final = "<[◁"


class SpokenWords:
    """Feed it the words of an answer as they come; it gives those to be spoken.

    `finish` gives what was held back. `tool_calls` are those that stood in the text. `inside`: the
    answer is taken to begin with reasoning that it does not open, as the endpoint's last one did;
    where no end of it comes, it was none and is said at the end.
    """

    __slots__ = ("_close", "_held", "_hidden", "_keeps", "presumed", "tool_calls", "unopened")

    def __init__(self, *, inside: bool = False) -> None:
        self._held = ""  # perhaps the beginning of a mark
        self._close = _UNOPENED if inside else ""  # what ends the stretch that is not spoken
        self._hidden = ""  # of that stretch, where it may be wanted
        self._keeps = inside
        self.presumed = inside  # the open stretch is taken to be one
        self.unopened = False  # an end of reasoning came without its beginning
        self.tool_calls: list[str] = []

    def feed(self, words: str) -> str:
        """The words to be spoken; nothing of an open stretch, and no half of a mark."""
        plain = "<" not in words and "[" not in words and "◁" not in words
        if plain and not self._held and not self._close:
            return words
        words, self._held = self._held + words, ""
        spoken = ""
        while words:
            if self._close:
                words = self._skip(words)
                continue
            mark = _ANY_MARK.search(words)
            if mark is None:
                at = _half_mark(words)
                self._held = words[at:]
                return spoken + words[:at]
            opened = mark.group().lower()
            if opened in _CLOSES:
                spoken += words[: mark.start()]
                self._close, self._keeps = _CLOSES[opened], opened in _WRITTEN_CALLS
            elif opened in _DROPPED:
                spoken += words[: mark.start()]
            else:  # all before it was reasoning, as far as it is not spoken yet
                spoken, self.unopened = "", True
            words = words[mark.end() :]
            if not spoken:
                words = words.lstrip()
        return spoken

    def finish(self) -> str:
        """What was held back, once nothing follows: it was no mark.

        An open stretch stays unsaid.
        """
        held, self._held = self._held, ""
        if self.presumed:
            hidden, self._hidden, self._close = self._hidden, "", ""
            self.presumed = self._keeps = False
            return hidden + held
        if self._close:
            self._end(held)
            return ""
        return held

    def _skip(self, words: str) -> str:
        """Leave out what belongs to the open stretch; the words after it."""
        end = _END[self._close].search(words)
        if end is None:
            at = _half_mark(words)
            self._hide(words[:at])
            self._held = words[at:]
            return ""
        self._end(words[: end.start()])
        return words[end.end() :].lstrip()

    def _hide(self, words: str) -> None:
        if self._keeps:
            self._hidden = (self._hidden + words)[:MAX_TOOL_CHARS]

    def _end(self, held: str) -> None:
        self._hide(held)
        if self.presumed:
            self.presumed, self.unopened = False, True
        elif self._keeps and self._hidden.strip():
            self.tool_calls.append(self._hidden)
        self._close, self._hidden, self._keeps = "", "", False


def _half_mark(words: str) -> int:
    """Where the beginning of a mark stands at the end of the words; their length if nowhere."""
    for at in range(max(0, len(words) - _LONGEST), len(words)):
        if words[at] in _FIRSTS and _begins_a_mark(words[at:].lower()):
            return at
    return len(words)


def _begins_a_mark(text: str) -> bool:
    return any(mark.startswith(text) for mark in _MARKS)
