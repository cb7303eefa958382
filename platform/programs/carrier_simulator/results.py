"""How a call went, as the caller met it."""

from dataclasses import dataclass, field

from programs.carrier_simulator.script import SpokenClip


@dataclass(slots=True)
class CallResult:
    """A finished call. `seconds` counts from the answer; `verbs` are the TwiML verbs, in order."""

    call_sid: str
    verbs: list[str] = field(default_factory=list)
    spoken_by_carrier: list[str] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)
    said: list[SpokenClip] = field(default_factory=list)
    underruns: int = 0
    late_frames: int = 0
    refused: list[str] = field(default_factory=list)
    close_codes: list[int | None] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    failed: str = ""
    seconds: float = 0.0
    streams: int = 0

    @property
    def replies_ms(self) -> list[float]:
        """From the end of each answered clip to the first audio of the reply."""
        return [clip.reply_ms for clip in self.said if clip.reply_ms is not None]

    @property
    def unanswered(self) -> list[str]:
        """What the caller said and never heard an answer to; the last words of a call need none."""
        return [clip.text for clip in self.said[:-1] if clip.reply_ms is None]
