"""Tool calls out of their pieces, in every endpoint's way of cutting them. Pure.

OpenAI counts calls by an index and gives id and name once. Others leave the index out or give 0
to every call, repeat name and id in each piece, give none, or a call whole, its arguments as an
object.
"""

import re
from typing import Any, Final

import msgspec

from telephony.media.replicas.errors import BadStream
from warmline.kernel.conversation import ToolCall
from warmline.kernel.tool_arguments import arguments_of

MAX_ARGUMENT_CHARS: Final = 8 * 1024
MAX_CALLS: Final = 4
_XML_FUNCTION: Final = re.compile(r"<function=([^>\s]+)>")
# GLM: the name, then keys and values; Llama and Mistral: the name, then an object.
_NAME: Final = re.compile(r"^\s*([\w.-]+)\s*(?=<arg_key>|$)")
_ARGUMENT: Final = re.compile(
    r"<arg_key>\s*(.*?)\s*</arg_key>\s*<arg_value>\s*(.*?)\s*</arg_value>", re.DOTALL
)
_NAME_AND_OBJECT: Final = re.compile(r"\s*([\w.-]+)\s*(?:>|\[ARGS\])?\s*(\{.*\})\s*", re.DOTALL)
_XML_PARAMETER: Final = re.compile(r"<parameter=([^>\s]+)>\s*(.*?)\s*</parameter>", re.DOTALL)


class PartialCall:
    """One call as far as it has come."""

    __slots__ = ("arguments", "id", "name")

    def __init__(self) -> None:
        self.id = self.name = self.arguments = ""

    def is_followed_by(self, id_: str, name: str, arguments: str) -> bool:
        """Whether a piece for the same place belongs to a call of its own."""
        if not name or not self.name:
            return False
        if name != self.name:
            return True
        if not self._whole():
            return False  # the name is repeated in each piece
        if id_ and self.id and id_ != self.id:
            return True
        # Said twice, or begun with an empty object: the same call.
        return self.arguments != "{}" and arguments.strip() not in {"", self.arguments.strip()}

    def add(self, id_: str, name: str, arguments: str) -> None:
        """One more piece; `BadStream` past the bound."""
        self.id, self.name = self.id or id_, self.name or name
        again = arguments.lstrip().startswith("{")
        if again and (self._whole() or arguments.startswith(self.arguments)):
            self.arguments = ""  # given anew, whole or as far as it has come
        self.arguments += arguments
        if len(self.arguments) > MAX_ARGUMENT_CHARS:
            raise BadStream(f"over {MAX_ARGUMENT_CHARS} characters of arguments")

    def _whole(self) -> bool:
        return self.arguments.rstrip().endswith("}") and arguments_of(self.arguments) is not None


class ToolCallDeltas:
    """Feed it pieces; `calls` are the tools asked for so far, in their order."""

    __slots__ = ("_calls", "_last_at")

    def __init__(self) -> None:
        self._calls: list[PartialCall] = []
        self._last_at: dict[object, PartialCall] = {}

    def add(self, index: object, id_: str, name: str, arguments: Any) -> None:
        """One piece of a call.

        `index` is None where the endpoint gives none; arguments are text, or an object that is
        whole.
        """
        if arguments is None:
            arguments = ""
        elif not isinstance(arguments, str):
            arguments = msgspec.json.encode(arguments).decode()
        call = self._last_at.get(index)
        if index is None and id_:
            call = self._last_at.get(("id", id_), call)
        if call is None and self._calls and (index is None or not name):
            call = self._calls[-1]
        if call is None or call.is_followed_by(id_, name, arguments):
            if len(self._calls) >= MAX_CALLS:
                raise BadStream(f"over {MAX_CALLS} tools at once")
            call = PartialCall()
            self._calls.append(call)
        self._last_at[index] = self._last_at["id", id_] = call
        call.add(id_, name, arguments)

    def add_written(self, text: str) -> None:
        """A call that the model wrote into its answer: as JSON, or in one of the models' forms."""
        fields = arguments_of(text)
        if fields is not None and isinstance(fields.get("name"), str):
            given = fields.get("arguments", fields.get("parameters"))
            self.add(f"written {text}", "", str(fields["name"]), given)
            return
        named = _NAME_AND_OBJECT.fullmatch(text)
        if named is not None:
            self.add(f"written {text}", "", named.group(1), named.group(2))
            return
        for name, argument in ((_XML_FUNCTION, _XML_PARAMETER), (_NAME, _ARGUMENT)):
            function = name.search(text)
            if function is not None:
                given = dict(argument.findall(text))
                self.add(f"written {text}", "", function.group(1), given)
                return

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls that have a name."""
        return tuple(
            ToolCall(call.id or f"call_{n}", call.name, call.arguments)
            for n, call in enumerate(self._calls)
            if call.name
        )
