"""What a setting is: one environment variable with a type, a default, a meaning, and who reads it.

A variable that is empty counts as not set, as pip, git and compose files have it. What cannot be
read is a `ConfigurationError` of one sentence: the variable, what it holds, what was expected. A
secret's value is in no sentence.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, Literal, TypeVar

from warmline.kernel.errors import ConfigurationError

Value = TypeVar("Value")
# The processes of an installation; `serve` is the one that starts all of one machine's, `commands`
# is manage.py, `bootstrap` the command that makes the database's roles.
Process = Literal["web", "jobs", "recorder", "media", "commands", "serve", "bootstrap"]
DJANGO: Final[frozenset[Process]] = frozenset({"web", "jobs", "recorder", "commands"})


class Refused(ConfigurationError):
    """Settings that are missing, misspelt or not what was expected: all of them, a line each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = tuple(sentences)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Value]):
    """A type of setting: what it is called where it is documented, and how a text becomes one.

    `parse` raises `ValueError` with what was expected.
    """

    called: str
    parse: Callable[[str], Value]


@dataclass(frozen=True, slots=True, eq=False)
class Setting(Generic[Value]):
    """One environment variable. Without a default it is required by those who read it."""

    name: str
    kind: Kind[Value]
    meaning: str
    readers: frozenset[Process]
    default: Value | None = None
    required: bool = False
    shown_default: str = ""
    secret: bool = False

    def text(self) -> str | None:
        """What the environment holds, without the blanks around it; None for nothing."""
        return os.environ.get(self.name, "").strip() or None

    def value(self) -> Value:
        """The value; `ConfigurationError` when it is missing or not what was expected."""
        text = self.text()
        if text is not None:
            return _parsed(self, text)  # type: ignore[no-any-return]  # lru_cache keeps no generics
        if self.required or self.default is None:
            raise ConfigurationError(
                f"{self.name} is not set: expected {self.kind.called}; "
                "`make serve` sets it on one machine"
            )
        return self.default

    def given(self) -> Value | None:
        """The value, or None where the variable is not set, whatever the default."""
        return None if self.text() is None else self.value()


# Some are read with every request, and parsing an address takes longer than looking one up.
@lru_cache(maxsize=256)
def _parsed(setting: Setting[Any], text: str) -> Any:
    # Whoever put a password into an address that takes none shall not find it in a log.
    shown = re.sub(r"//[^/@]*@", "//…@", text)[:200]
    holds = " (its value is not shown)" if setting.secret else f"={shown!r}"
    try:
        return setting.kind.parse(text)
    except ValueError as error:
        raise ConfigurationError(f"{setting.name}{holds}: expected {error}") from None
