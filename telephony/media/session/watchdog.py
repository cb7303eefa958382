"""When a call has gone on without what keeps it alive: audio, somebody who speaks, time. Pure."""

from collections.abc import Callable
from typing import Final, Literal

from warmline.kernel.agent import Limits

NO_AUDIO_S: Final = 20.0  # carriers send silence too: a stream without frames is dead

Alarm = Literal["no_audio", "too_long", "still_there", "nobody_there"]


class Watchdog:
    """Remembers when a call last had audio and when anybody last spoke in it."""

    def __init__(self, limits: Limits, *, clock_ms: Callable[[], float]) -> None:
        self._limits = limits
        self._clock_ms = clock_ms
        self.start()

    def start(self) -> None:
        """The call begins now."""
        self._began_ms = self.audio_ms = self._active_ms = self._clock_ms()
        self._asked_if_there = False

    def active(self) -> None:
        """Somebody has just spoken, or pressed a key."""
        self._active_ms = self._clock_ms()

    def caller_speaks(self) -> None:
        """The caller is there."""
        self.active()
        self._asked_if_there = False

    def alarm(self, *, turn: int = 0, listening: bool = False) -> Alarm | None:
        """What is wrong now; who says nothing while we listen is asked once whether he is there."""
        now_ms = self._clock_ms()
        limits = self._limits
        if now_ms - self.audio_ms > NO_AUDIO_S * 1000:
            return "no_audio"
        if now_ms - self._began_ms > limits.max_seconds * 1000 or turn > limits.max_turns:
            return "too_long"
        if not listening or now_ms - self._active_ms <= limits.idle_seconds * 1000:
            return None
        self._active_ms = now_ms
        if self._asked_if_there:
            return "nobody_there"
        self._asked_if_there = True
        return "still_there"
