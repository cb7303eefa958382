"""The terminal while calls run: each line with the time since the start and whose call it is."""

import time
from datetime import datetime
from functools import singledispatch

from rich.console import Console
from rich.text import Text

from dashboard.templatetags.speech import milliseconds, sentences
from telephony.calls.projection import STAGES
from warmline.kernel.call import (
    AgentSentence,
    BargeIn,
    CallAnswered,
    CallEnded,
    CallerTurn,
    CallEvent,
    ReplicaFailed,
    Retrieved,
    ToolCalled,
    ToolReturned,
    TurnTimed,
)

COLOURS = ("cyan", "magenta", "yellow", "green")
BAR_CHARACTERS = 40
BAR_MS = 2000
_SHADES = "░▒▓█▓▒"


class Screen:
    """Prints what happens, one line each; plain text where the output is no terminal."""

    def __init__(self, *, since: float) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self._since = since
        self._labels: dict[str, tuple[str, str]] = {}
        self._on_screen: set[str] = set()

    def say(self, text: str, *, style: str = "") -> None:
        """A line of the demo itself."""
        self.console.print(Text(f"{self._clock()} ") + Text(text, style=style))

    def label(self, call_id: str, name: str) -> None:
        """From now on this call's lines carry that name."""
        if call_id not in self._labels:
            self._labels[call_id] = (name, COLOURS[len(self._labels) % len(COLOURS)])

    def show(self, event: CallEvent) -> None:
        """One event, if a person watching wants to see it."""
        told = self._told(event)
        if told is not None:
            name, colour = self._labels.get(event.call_id, (event.call_id[-6:], "white"))
            self.console.print(
                Text(f"{self._clock()} ")
                + Text(f"{name:>12} ", style=colour)
                + Text.from_markup(told)
            )

    def _told(self, event: CallEvent) -> str | None:
        happening = event.happening
        if isinstance(happening, CallAnswered) and happening.audience == "screen":
            self._on_screen.add(event.call_id)
        if isinstance(happening, AgentSentence) and event.call_id in self._on_screen:
            return f"[bold]agent would say: {_spoken(happening.text)}[/]"
        return told(happening)

    def _clock(self) -> str:
        return f"{time.monotonic() - self._since:6.1f} s"


def _plain(text: str) -> str:
    return text.replace("[", "\\[")


def _spoken(text: str) -> str:
    return _plain(sentences(text))


def _waterfall(turn: TurnTimed) -> str:
    """One turn's stages as a bar of two seconds."""
    if turn.first_audio_ms is None and turn.first_sentence_ms is None:
        return f"[dim]turn {turn.turn}: no reply[/]"
    bar, reached = "", 0
    for shade, (key, _) in zip(_SHADES, STAGES, strict=True):
        moment = getattr(turn, key)
        if moment is not None:
            upto = min(BAR_CHARACTERS, round(moment / BAR_MS * BAR_CHARACTERS))
            bar, reached = bar + shade * max(0, upto - reached), max(reached, upto)
    last = turn.first_audio_ms if turn.first_audio_ms is not None else turn.first_sentence_ms
    return f"[dim]turn {turn.turn} {bar:<{BAR_CHARACTERS}} {milliseconds(last)} by {_plain(turn.replica)}[/]"


@singledispatch
def told(_: object) -> str | None:
    """A happening in one line of Rich's markup; None for what a person watching need not see."""
    return None


@told.register
def _(answered: CallAnswered) -> str:
    how = (
        "taken up again"
        if answered.resumed
        else "listened to"
        if answered.audience == "screen"
        else "answered"
    )
    return f"[dim]{how} by {answered.worker}[/]"


@told.register
def _(turn: CallerTurn) -> str:
    return f"{turn.speaker}: {_spoken(turn.text)}"


@told.register
def _(sentence: AgentSentence) -> str:
    return f"[bold]agent: {_spoken(sentence.text)}[/]"


@told.register
def _(found: Retrieved) -> str | None:
    return (
        f"[dim]looked up: {', '.join(_plain(p.title) for p in found.passages)}[/]"
        if found.passages
        else None
    )


@told.register
def _(tool: ToolCalled) -> str:
    return f"[dim]{tool.name} {_plain(tool.arguments)}{'' if tool.ran else ' (not run)'}[/]"


@told.register
def _(tool: ToolReturned) -> str:
    return f"[dim]→ {_plain(tool.result)}[/]"


@told.register
def _(turn: TurnTimed) -> str:
    return _waterfall(turn)


@told.register
def _(cut: BargeIn) -> str:
    return f"[dim]the caller cut into turn {cut.turn}[/]"


@told.register
def _(failed: ReplicaFailed) -> str:
    return f"[red]{_plain(failed.replica)}: {_plain(failed.why)}; {_plain(failed.next_rung)} goes on[/]"


@told.register
def _(end: CallEnded) -> str:
    return f"[dim]ended after {end.seconds:.0f} s: {end.reason.replace('_', ' ')}[/]"


def when(moment: datetime) -> str:
    """A booking's time as a person reads it."""
    return moment.strftime("%A %-d %B, %H:%M")
