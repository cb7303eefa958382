"""Who acts: bound once where a request, a command or a job begins, kept by what it writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal

ActorKind = Literal["user", "key", "operator", "command", "call", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: `id` finds them again, `label` is what people know them by."""

    kind: ActorKind
    id: str = ""
    label: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


SYSTEM: Final = Actor("system")
_actor: ContextVar[Actor] = ContextVar("warmline_actor", default=SYSTEM)


def current_actor() -> Actor:
    """Who acts here; the system itself where nobody was bound."""
    return _actor.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """What is written inside is this actor's."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)
