"""The carrier simulator's stream over a line with faults, and what truly happened on it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from programs.carrier_simulator.stream import SimulatedStream
from programs.carrier_simulator.twiml import TwimlStream
from warmline.kernel.call import CallPlan

FRAME_MS = 20
SILENCE = b"\xff" * 160


class FaultyStream(SimulatedStream):
    """Messages are held and released at once, or sent twice, while a test says so."""

    holding = False
    doubling = False
    losing = False

    def __init__(self, *, account_sid: str, call_sid: str) -> None:
        super().__init__(account_sid=account_sid, call_sid=call_sid)
        self._held: list[bytes] = []

    def _send(self, raw: bytes) -> None:
        if self.losing and b'"media"' in raw:
            return
        self._held += [raw, raw] if self.doubling and b'"media"' in raw else [raw]
        if not self.holding:
            for message in self._held:
                super()._send(message)
            self._held.clear()


@dataclass
class FaultyLine:
    """One stream of a call: every 20 ms a frame is played and one is sent, whatever the load.

    `faults` by frame number: a stall, frames sent twice, frames that never come.
    """

    stream: FaultyStream
    stalls: tuple[range, ...] = ()
    doubled: tuple[range, ...] = ()
    lost: tuple[range, ...] = ()
    caller: bytearray = field(default_factory=bytearray)
    began: float = 0.0  # the loop's time of the stream's position 0
    late_ms: float = 0.0  # how late a frame was at worst: a busy machine is no carrier's clock

    @classmethod
    async def open(
        cls,
        url: str,
        of: CallPlan,
        *,
        stalls: tuple[range, ...] = (),
        doubled: tuple[range, ...] = (),
        lost: tuple[range, ...] = (),
    ) -> "FaultyLine":
        """A stream for the call, as the carrier opens it."""
        element = TwimlStream(url, "inbound_track", {"call": of.call_id, "token": of.token})
        stream = await FaultyStream.open(
            element, account_sid="AC1", call_sid="CA1", signature="", both=False
        )
        return cls(stream, stalls, doubled, lost)

    async def talk(self, *, frames: int, says: Mapping[int, bytes]) -> None:
        """So many frames on an absolute schedule; `says` has µ-law by the frame it begins with."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        self.began = self.began or due - FRAME_MS / 1000
        spoken: bytes = b""
        for number in range(len(self.caller) // 160, len(self.caller) // 160 + frames):
            spoken = says.get(number, spoken)
            frame, spoken = (spoken[:160].ljust(160, b"\xff") or SILENCE), spoken[160:]
            self._fault(number)
            self.stream.play_frame()
            self.stream.send_frame(frame)
            self.caller += frame
            due += FRAME_MS / 1000
            self.late_ms = max(self.late_ms, (loop.time() - due) * 1000)
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _fault(self, number: int) -> None:
        self.stream.holding = any(number in stall for stall in self.stalls)
        self.stream.doubling = any(number in frames for frames in self.doubled)
        self.stream.losing = any(number in frames for frames in self.lost)

    @property
    def heard(self) -> bytes:
        """What the caller heard, on the carrier's timeline."""
        return bytes(self.stream.playback.heard)


def stretches(side: bytes, *, gap_ms: int = 100) -> list[tuple[float, float]]:
    """From when until when there was sound, in milliseconds; shorter pauses belong to it."""
    found: list[tuple[float, float]] = []
    for at in range(0, len(side), 8):
        if not side[at : at + 8].strip(b"\xff\x7f"):
            continue
        ms = at / 8
        if found and ms - found[-1][1] <= gap_ms:
            found[-1] = (found[-1][0], ms + 1)
        else:
            found.append((ms, ms + 1))
    return found
