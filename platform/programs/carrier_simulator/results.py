"""What a call came to, as the caller met it."""

from dataclasses import dataclass, field
from pathlib import Path

from programs.carrier_simulator.party import Said
from programs.carrier_simulator.sound import write_wav


@dataclass(slots=True)
class CallResult:
    """A finished call. `seconds` counts from the answer;
    `verbs` are the TwiML verbs done, in order.
    """

    call_sid: str
    verbs: list[str] = field(default_factory=list)
    spoken_by_carrier: list[str] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
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
        """End of speech → first audio, for each clip that was answered."""
        return [said.reply_ms for said in self.said if said.reply_ms is not None]

    @property
    def unanswered(self) -> list[str]:
        """What the caller said and never heard an answer to; the last words of a call need none."""
        return [said.text for said in self.said[:-1] if said.reply_ms is None]

    def save_heard(self, path: Path) -> None:
        """What the caller heard, as a WAV file."""
        write_wav(path, bytes(self.heard))
