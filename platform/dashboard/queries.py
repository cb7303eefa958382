"""A call arranged as a reader follows it:
what was said, with what was looked up and done in between.
"""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from telephony.calls import queries as telephony
from telephony.types import CallPage, CitedPassage, Happened, Stage, ToolUse, TurnLatency, Utterance

# Events that the transcript or the facts beside it show already.
_SHOWN_ELSEWHERE = {"answered", "recorded", "ended"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the transcript; exactly one of the four is set."""

    at_ms: float
    said: Utterance | None = None
    tool: ToolUse | None = None
    passages: tuple[CitedPassage, ...] = ()
    happened: Happened | None = None

    @property
    def unheard(self) -> str:
        """The rest of a cut sentence: generated, sent, and never heard."""
        if self.said is None or not self.said.cut:
            return ""
        return (
            self.said.text[len(self.said.heard) :]
            if self.said.text.startswith(self.said.heard)
            else ""
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage on the waterfall's common scale, in per cent of its width."""

    stage: Stage
    key: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class WaterfallRow:
    """One turn's bars."""

    turn: TurnLatency
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All that a call's page shows."""

    page: CallPage
    lines: tuple[Line, ...]
    waterfall: tuple[WaterfallRow, ...]


def story(call_id: UUID) -> Story:
    """The call as a story; `NotFound` when this tenant has none of that id."""
    page = telephony.call_page(call_id)
    return Story(page, _lines(page), _waterfall(page.latency))


def _lines(page: CallPage) -> tuple[Line, ...]:
    """Sentences by their moment; look-ups and tools stand before what the agent said because of
    them.
    """
    answered_at: dict[int, float] = {}
    for said in page.transcript:
        if said.speaker != "agent":
            continue
        answered_at.setdefault(said.turn, said.at_ms)
    lines = [Line(said.at_ms, said=said) for said in page.transcript]
    cited: dict[int, list[CitedPassage]] = defaultdict(list)
    for passage in page.passages:
        cited[passage.turn].append(passage)
    end_ms = max((said.at_ms for said in page.transcript), default=0.0) + 1
    lines += [
        Line(answered_at.get(turn, end_ms) - 0.3, passages=tuple(found))
        for turn, found in cited.items()
    ]
    asked_at = {said.turn: said.at_ms for said in page.transcript if said.speaker == "caller"}
    for use in page.tools:
        lines.append(
            Line(answered_at.get(use.turn, asked_at.get(use.turn, end_ms) + 0.1) - 0.2, tool=use)
        )
    lines += [
        Line(note.at_ms, happened=note) for note in page.events if note.kind not in _SHOWN_ELSEWHERE
    ]
    return tuple(sorted(lines, key=lambda line: line.at_ms))


def _waterfall(turns: tuple[TurnLatency, ...]) -> tuple[WaterfallRow, ...]:
    """Every turn on one scale, so that a slow one is seen at a glance."""
    scale_ms = max((stage.to_ms for turn in turns for stage in turn.stages), default=1.0) or 1.0
    return tuple(
        WaterfallRow(
            turn,
            tuple(
                Bar(
                    stage,
                    stage.name.replace(" ", "-"),
                    round(100 * stage.from_ms / scale_ms, 2),
                    round(100 * (stage.to_ms - stage.from_ms) / scale_ms, 2),
                )
                for stage in turn.stages
            ),
        )
        for turn in turns
    )
