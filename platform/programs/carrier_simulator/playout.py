"""What a carrier does with the audio it is sent: buffers it, plays it at 20 ms a frame, and reports
marks.

Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages. No clock and no I/O:
`tick` is 20 ms.
"""

from collections import deque
from dataclasses import dataclass, field

from programs.carrier_simulator.sound import FRAME_BYTES, SILENCE

# Twilio discards what would be buffered past ten minutes.
MAX_BUFFERED_BYTES = 10 * 60 * 8000


@dataclass(slots=True)
class Playout:
    """The buffer of one stream. `heard` is everything that was played, silence included."""

    heard: bytearray = field(default_factory=bytearray)
    underruns: int = 0
    discarded_bytes: int = 0
    clears: int = 0
    _queue: deque[bytes | str] = field(default_factory=deque)
    _buffered_bytes: int = 0
    _inside_sentence: bool = False
    _starved: bool = False

    def media(self, mulaw: bytes) -> None:
        """Audio of any length, played in order."""
        if self._buffered_bytes + len(mulaw) > MAX_BUFFERED_BYTES:
            self.discarded_bytes += len(mulaw)
            return
        self._queue.append(mulaw)
        self._buffered_bytes += len(mulaw)
        if self._starved:
            self.underruns += 1
            self._starved = False

    def mark(self, name: str) -> list[str]:
        """Remember a mark; the names that playback has reached already."""
        self._queue.append(name)
        return self._reached()

    def clear(self) -> list[str]:
        """Empty the buffer; the marks that were in it come back at once."""
        self.clears += 1
        dropped = [item for item in self._queue if isinstance(item, str)]
        self._queue.clear()
        self._buffered_bytes = 0
        self._inside_sentence = self._starved = False
        return dropped

    def tick(self) -> tuple[bytes, list[str]]:
        """The next 20 ms that the caller hears, and the marks that playback reached with it."""
        frame = bytearray()
        marks = self._reached()
        while len(frame) < FRAME_BYTES and self._queue:
            item = self._queue.popleft()
            if isinstance(item, str):
                marks.append(item)
                self._inside_sentence = False
                continue
            wanted = FRAME_BYTES - len(frame)
            frame += item[:wanted]
            if len(item) > wanted:
                self._queue.appendleft(item[wanted:])
            self._inside_sentence = True
        self._buffered_bytes -= len(frame)
        marks += self._reached()
        # A buffer that runs dry before its sentence's mark is heard as a gap, if more of the
        # sentence follows.
        if len(frame) < FRAME_BYTES:
            self._starved = self._inside_sentence
            frame += SILENCE[len(frame) :]
        self.heard += frame
        return bytes(frame), marks

    def _reached(self) -> list[str]:
        names: list[str] = []
        while self._queue and isinstance(self._queue[0], str):
            names.append(str(self._queue.popleft()))
            self._inside_sentence = self._starved = False
        return names
