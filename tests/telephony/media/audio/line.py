"""A telephone line in virtual time: what the carrier plays and sends, late, twice or never; and
what a recording made of it.

Every 20 ms the carrier plays a frame of the agent's and sends one of the caller's, with its own
timestamp. Messages keep their order, as on a socket.
"""

import audioop
import io
import random
import wave
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from programs.carrier_simulator.playback import PlaybackBuffer
from telephony.media.audio.recording import FinishedRecording, RecordingBuffer

FRAME_MS = 20
FRAME_BYTES = 160
_LOUD = bytes(code for code in range(256) if code & 0x7F < 0x70)


@dataclass(frozen=True)
class Network:
    """What lies between the carrier and us; its faults are in milliseconds of the call."""

    delay_ms: float = 30.0
    jitter_ms: float = 0.0
    stalls: tuple[tuple[float, float], ...] = ()  # from, until: held, and released at once
    lost: tuple[tuple[float, float], ...] = ()
    doubled: tuple[tuple[float, float], ...] = ()
    timestamp: Callable[[int], int | None] = lambda ms: ms

    def arrival_ms(self, sent_ms: float, chance: random.Random) -> float:
        """When a message is here that left then."""
        for start, end in self.stalls:
            if start <= sent_ms < end:
                sent_ms = end
        return sent_ms + self.delay_ms + chance.random() * self.jitter_ms


@dataclass(frozen=True)
class Sentence:
    """What the agent says, by our clock; cut when the buffer is cleared meanwhile."""

    mark: str
    at_ms: float
    length_ms: int


@dataclass
class Line:
    """One call of `seconds`; `truth` is what was really said and heard, by the carrier's clock."""

    network: Network
    sentences: Sequence[Sentence]
    clears: Sequence[float] = ()
    seconds: int = 20
    seed: int = 1
    skew_ms: float = 5_000.0  # our clock when the carrier's stream begins
    recording: RecordingBuffer = field(default_factory=lambda: RecordingBuffer(max_seconds=600))

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._playback = PlaybackBuffer()
        self._down: deque[tuple[float, str, object]] = deque()
        self._up: list[tuple[float, str, object]] = []
        self.caller = self._noise(self.seconds * 1000)
        self.audio = {said.mark: self._noise(said.length_ms) for said in self.sentences}

    def run(self) -> FinishedRecording:
        """Play the whole call."""
        todo: list[tuple[float, str, object]] = [
            *((said.at_ms, "say", said) for said in self.sentences),
            *((at_ms, "clear", None) for at_ms in self.clears),
        ]
        todo.sort(key=lambda item: item[0])
        for ms in range(self.seconds * 1000 + 2000):
            while todo and todo[0][0] <= ms:
                _, kind, said = todo.pop(0)
                self._act(kind, said, float(ms))
            while self._up and self._up[0][0] <= ms:
                _, kind, content = self._up.pop(0)
                self._reach_carrier(kind, content, ms)
            if ms % FRAME_MS == 0 and FRAME_MS <= ms <= self.seconds * 1000:
                self._tick(ms)
            while self._down and self._down[0][0] <= ms:
                self._arrive(*self._down.popleft())
        return self.recording.finished()

    def agent_heard(self) -> bytes:
        """What the carrier played, on its own timeline."""
        return bytes(self._playback.heard)

    def _act(self, kind: str, said: object, ms: float) -> None:
        now_ms = ms + self.skew_ms
        if kind == "clear":
            self.recording.cut(now_ms=now_ms)
            self._send_up(ms, "clear", None)
            return
        assert isinstance(said, Sentence)
        audio = self.audio[said.mark]
        for start in range(0, len(audio), 4000):
            piece = audio[start : start + 4000]
            self.recording.agent(said.mark, piece, now_ms=now_ms)
            self._send_up(ms, "media", piece)
        self._send_up(ms, "mark", said.mark)

    def _send_up(self, ms: float, kind: str, content: object) -> None:
        arrival = ms + self.network.delay_ms
        self._up.append((max(arrival, self._up[-1][0] if self._up else 0.0), kind, content))

    def _reach_carrier(self, kind: str, content: object, ms: int) -> None:
        names: list[str] = []
        if kind == "media":
            assert isinstance(content, bytes)
            self._playback.media(content)
        elif kind == "mark":
            names = self._playback.mark(str(content))
        else:
            names = self._playback.clear()
        self._send_marks(names, ms)

    def _tick(self, ms: int) -> None:
        _, marks = self._playback.tick()
        self._send_marks(marks, ms)
        timestamp = ms - FRAME_MS
        if any(start <= timestamp < end for start, end in self.network.lost):
            return
        frame = self.caller[timestamp * 8 : timestamp * 8 + FRAME_BYTES]
        copies = 1 + any(start <= timestamp < end for start, end in self.network.doubled)
        for _ in range(copies):
            self._send_down(ms, "media", (self.network.timestamp(timestamp), frame))

    def _send_marks(self, names: Sequence[str], ms: int) -> None:
        for name in names:
            self._send_down(ms, "mark", name)

    def _send_down(self, ms: float, kind: str, content: object) -> None:
        arrival = self.network.arrival_ms(ms, self._chance)
        self._down.append((max(arrival, self._down[-1][0] if self._down else 0.0), kind, content))

    def _arrive(self, ms: float, kind: str, content: object) -> None:
        now_ms = ms + self.skew_ms
        if kind == "mark":
            self.recording.marked(str(content), now_ms=now_ms)
            return
        assert isinstance(content, tuple)
        timestamp_ms, frame = content
        self.recording.caller(frame, timestamp_ms=timestamp_ms, now_ms=now_ms)

    def _noise(self, length_ms: int) -> bytes:
        return bytes(self._chance.choices(_LOUD, k=length_ms * 8))


def sides(recording: FinishedRecording) -> tuple[bytes, bytes]:
    """Both sides of the file as µ-law."""
    with wave.open(io.BytesIO(recording.wav)) as file:
        samples = file.readframes(file.getnframes())
    left, right = (audioop.tomono(samples, 2, *weights) for weights in ((1, 0), (0, 1)))
    return audioop.lin2ulaw(left, 2), audioop.lin2ulaw(right, 2)


def errors_ms(line: Line, recording: FinishedRecording) -> list[float]:
    """How far the agent's sentences, and the caller's words each second, lie from where they were.

    On the carrier's timeline; what was really heard and is not found is infinitely far.
    """
    left, right = sides(recording)
    found = []
    for audio in line.audio.values():
        for start in (0, len(audio) // 2, len(audio) - 320):
            found.append(_off_ms(audio[start : start + 160], line.agent_heard(), right))
    for start in range(0, len(line.caller) - 160, 8000):
        piece = line.caller[start : start + 160]
        if any(begin <= start / 8 + 20 and start / 8 < end for begin, end in line.network.lost):
            continue
        found.append(_off_ms(piece, line.caller, left))
    return [ms for ms in found if ms is not None]


def _off_ms(piece: bytes, true_side: bytes, recorded: bytes) -> float | None:
    true_at, at = true_side.find(piece), recorded.find(piece)
    if true_at < 0:
        return None
    return float("inf") if at < 0 else abs(at - true_at) / 8
