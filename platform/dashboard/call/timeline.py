"""A call arranged as a reader follows it: what was said, what was looked up and done in between."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from telephony.calls import queries
from telephony.calls.types import (
    CallPage,
    CitedPassage,
    Happened,
    Stage,
    ToolUse,
    TranscriptLine,
    TurnLatency,
)

# Events that the transcript or the facts beside it show already.
_SHOWN_ELSEWHERE = {"answered", "recorded", "ended"}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing on a call's timeline; exactly one of the four is set."""

    at_ms: float
    spoken: TranscriptLine | None = None
    tool: ToolUse | None = None
    passages: tuple[CitedPassage, ...] = ()
    happened: Happened | None = None

    @property
    def unheard(self) -> str:
        """The rest of a cut sentence: generated, sent, and never heard."""
        spoken = self.spoken
        if spoken is None or not spoken.cut or not spoken.text.startswith(spoken.heard):
            return ""
        return spoken.text[len(spoken.heard) :]


@dataclass(frozen=True, slots=True)
class WaterfallBar:
    """A stage on the waterfall's common scale, in per cent of its width."""

    stage: Stage
    key: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class WaterfallRow:
    """A turn's bars."""

    turn: TurnLatency
    bars: tuple[WaterfallBar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that a call's page shows."""

    page: CallPage
    entries: tuple[TimelineEntry, ...]
    waterfall: tuple[WaterfallRow, ...]


def timeline(call_id: UUID) -> Timeline:
    """The call as its page shows it; `NotFound` when this tenant has none of that id."""
    page = queries.call_page(call_id)
    return Timeline(page, _entries(page), _waterfall(page.latency))


def _entries(page: CallPage) -> tuple[TimelineEntry, ...]:
    """Sentences by their moment; look-ups and tools before what the agent said because of them."""
    answered_at: dict[int, float] = {}
    asked_at: dict[int, float] = {}
    for line in page.transcript:
        if line.speaker == "agent":
            answered_at.setdefault(line.turn, line.at_ms)
        if line.speaker == "caller":
            asked_at[line.turn] = line.at_ms
    end_ms = max((line.at_ms for line in page.transcript), default=0.0) + 1
    cited: dict[int, list[CitedPassage]] = defaultdict(list)
    for passage in page.passages:
        cited[passage.turn].append(passage)
    entries = [TimelineEntry(line.at_ms, spoken=line) for line in page.transcript]
    for turn, passages in cited.items():
        at_ms = answered_at.get(turn, end_ms) - 0.3
        entries.append(TimelineEntry(at_ms, passages=tuple(passages)))
    for tool in page.tools:
        unanswered_ms = asked_at.get(tool.turn, end_ms) + 0.1
        at_ms = answered_at.get(tool.turn, unanswered_ms) - 0.2
        entries.append(TimelineEntry(at_ms, tool=tool))
    events = [event for event in page.events if event.kind not in _SHOWN_ELSEWHERE]
    entries += [TimelineEntry(event.at_ms, happened=event) for event in events]
    return tuple(sorted(entries, key=lambda entry: entry.at_ms))


def _waterfall(turns: tuple[TurnLatency, ...]) -> tuple[WaterfallRow, ...]:
    """Every turn on one scale, so that a slow one is seen at a glance."""
    scale_ms = max((stage.to_ms for turn in turns for stage in turn.stages), default=1.0) or 1.0
    return tuple(
        WaterfallRow(turn, tuple(_bar(stage, scale_ms=scale_ms) for stage in turn.stages))
        for turn in turns
    )


def _bar(stage: Stage, *, scale_ms: float) -> WaterfallBar:
    return WaterfallBar(
        stage=stage,
        key=stage.name.replace(" ", "-"),
        left=round(100 * stage.from_ms / scale_ms, 2),
        width=round(100 * (stage.to_ms - stage.from_ms) / scale_ms, 2),
    )
