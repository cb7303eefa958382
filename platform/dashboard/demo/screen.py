"""The terminal while calls run: each line with the time since the start and whose call it is."""

import time
from datetime import datetime
from functools import singledispatch

from rich.console import Console
from rich.text import Text

from dashboard.templatetags.speech import milliseconds, sentences
from telephony.calls.projection import STAGES
from telephony.calls.types import RecordedEvent
from warmline.kernel.call import (
    AgentSentence,
    BargeIn,
    CallAnswered,
    CallEnded,
    CallerTurn,
    CallEvent,
    ReplicaFailed,
    Retrieved,
    SaidMeanwhile,
    ToolCalled,
    ToolReturned,
    TurnTimed,
)

COLOURS = ("cyan", "magenta", "yellow", "green")
BAR_CHARACTERS = 40
BAR_MS = 2000
_SHADES = "░▒▓█▚▞▙"
# What each part of a bar is: it ends when this is reached.
LEGEND = f"a turn's {BAR_MS // 1000} s after the caller's last word: " + ", ".join(
    f"{shade} {name}" for shade, (_, name) in zip(_SHADES, STAGES, strict=True)
)


class Screen:
    """Prints what happens, one line each; plain text where the output is no terminal."""

    def __init__(self, *, since: float) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self._since = since
        self._labels: dict[str, Text] = {}
        self._on_screen: set[str] = set()

    def say(self, text: str, *, style: str = "") -> None:
        """A line of the demo itself."""
        self.console.print(Text(f"{self._clock()} ") + Text(text, style=style))

    def show(self, recorded: RecordedEvent, *, company: str) -> None:
        """One event, if a person watching wants to see it; a call's first one says who calls whom.

        Each call has a number of its own: two calls of one company stand apart.
        """
        event = recorded.event
        if event.call_id not in self._labels:
            number = len(self._labels) + 1
            colour = COLOURS[(number - 1) % len(COLOURS)]
            self._labels[event.call_id] = Text(f"{number:>3} {company:<10} ", style=colour)
            caller = recorded.from_number or "a caller who withholds the number"
            self._print(event.call_id, f"{caller} calls {recorded.to_number}")
        line = self._line(event)
        if line is not None:
            self._print(event.call_id, line)

    def _print(self, call_id: str, markup: str) -> None:
        self.console.print(
            Text(f"{self._clock()} ") + self._labels[call_id] + Text.from_markup(markup)
        )

    def _line(self, event: CallEvent) -> str | None:
        happening = event.happening
        if isinstance(happening, CallAnswered) and happening.audience == "screen":
            self._on_screen.add(event.call_id)
        if event.call_id in self._on_screen:
            if isinstance(happening, AgentSentence):
                return f"[bold]agent would say: {_spoken(happening.text)}[/]"
            if isinstance(happening, TurnTimed) and _took_ms(happening) is None:
                return f"[dim]turn {happening.turn}: the agent would not speak yet[/]"
        return in_a_line(happening)

    def _clock(self) -> str:
        return f"{time.monotonic() - self._since:6.1f} s"


def _plain(text: str) -> str:
    return text.replace("[", "\\[")


def _spoken(text: str) -> str:
    return _plain(sentences(text))


def _took_ms(turn: TurnTimed) -> float | None:
    """From the caller's last word to the first audio, or to the first sentence on a screen."""
    return turn.first_audio_ms if turn.first_audio_ms is not None else turn.first_sentence_ms


def _waterfall(turn: TurnTimed) -> str:
    """One turn's stages as a bar of two seconds."""
    took_ms = _took_ms(turn)
    if took_ms is None:
        return f"[dim]turn {turn.turn}: no reply[/]"
    bar, reached = "", 0
    for shade, (key, _) in zip(_SHADES, STAGES, strict=True):
        moment = getattr(turn, key)
        if moment is not None:
            upto = min(BAR_CHARACTERS, round(moment / BAR_MS * BAR_CHARACTERS))
            bar, reached = bar + shade * max(0, upto - reached), max(reached, upto)
    took = f"{milliseconds(took_ms)} by {_plain(turn.replica)}"
    return f"[dim]turn {turn.turn} {bar:<{BAR_CHARACTERS}} {took}[/]"


@singledispatch
def in_a_line(_: object) -> str | None:
    """A happening in one line of Rich's markup; None for what a person watching need not see."""
    return None


@in_a_line.register
def _(answered: CallAnswered) -> str:
    how = "answered"
    if answered.resumed:
        how = "taken up again"
    elif answered.audience == "screen":
        how = "listened to"
    return f"[dim]{how} by {answered.worker}[/]"


@in_a_line.register
def _(turn: CallerTurn) -> str:
    return f"{turn.speaker}: {_spoken(turn.text)}"


@in_a_line.register
def _(sentence: AgentSentence) -> str:
    return f"[bold]agent: {_spoken(sentence.text)}[/]"


@in_a_line.register
def _(retrieved: Retrieved) -> str | None:
    if not retrieved.passages:
        return None
    return f"[dim]looked up: {', '.join(_plain(p.title) for p in retrieved.passages)}[/]"


@in_a_line.register
def _(tool: ToolCalled) -> str:
    return f"[dim]{tool.name} {_plain(tool.arguments)}{'' if tool.ran else ' (not run)'}[/]"


@in_a_line.register
def _(tool: ToolReturned) -> str:
    return f"[dim]→ {_plain(tool.result)}[/]"


@in_a_line.register
def _(turn: TurnTimed) -> str:
    return _waterfall(turn)


@in_a_line.register
def _(short: SaidMeanwhile) -> str:
    waited_for = short.tool or short.stage
    return f"[dim]turn {short.turn}: {milliseconds(short.waited_ms)} for {_plain(waited_for)}[/]"


@in_a_line.register
def _(cut: BargeIn) -> str:
    return f"[dim]the caller cut into turn {cut.turn}[/]"


@in_a_line.register
def _(failure: ReplicaFailed) -> str:
    next_rung = _plain(failure.next_rung)
    return f"[red]{_plain(failure.replica)}: {_plain(failure.why)}; {next_rung} goes on[/]"


@in_a_line.register
def _(end: CallEnded) -> str:
    return f"[dim]ended after {end.seconds:.0f} s: {end.reason.replace('_', ' ')}[/]"


def when(moment: datetime) -> str:
    """A booking's time as a person reads it."""
    return moment.strftime("%A %-d %B, %H:%M")
