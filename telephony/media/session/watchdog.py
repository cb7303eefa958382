"""When a call has gone on without what keeps it alive: audio, somebody who speaks, time. Pure."""

from collections.abc import Callable
from typing import Final, Literal

from warmline.kernel.agent import Limits

NO_AUDIO_S: Final = 20.0  # carriers send silence too: a stream without frames is dead
# A turn of which no words were heard: people pause within eight seconds, music does not.
NO_WORDS_S: Final = 8.0
# After the agent's goodbye to somebody who did not take leave: he may have more to say.
AFTER_GOODBYE_S: Final = 4.0

Alarm = Literal["no_audio", "too_long", "no_words", "still_there", "nobody_there", "left"]


class Watchdog:
    """Remembers when a call last had audio and when anybody last spoke in it."""

    def __init__(self, limits: Limits, *, clock_ms: Callable[[], float]) -> None:
        self._limits = limits
        self._clock_ms = clock_ms
        self.start()

    def start(self) -> None:
        """The call begins now."""
        self._began_ms = self.audio_ms = self._active_ms = self._clock_ms()
        self._asked_if_there = self._said_goodbye = False
        self._turn_began_ms: float | None = None

    def active(self) -> None:
        """Somebody has just spoken, or pressed a key."""
        self._active_ms = self._clock_ms()

    def caller_said(self) -> None:
        """The caller is there: what was heard has words, or is a key."""
        self.active()
        self._turn_began_ms = None
        self._asked_if_there = self._said_goodbye = False

    def turn_began(self) -> None:
        """Something is heard, which may be the caller; no words are known of it yet."""
        self._turn_began_ms = self._clock_ms()

    def turn_dropped(self) -> None:
        """It was not: as far as silence goes nothing was heard."""
        self._turn_began_ms = None

    def agent_said_goodbye(self) -> None:
        """The agent took leave of a caller who had not."""
        self._said_goodbye = True

    def alarm(self, *, turn: int = 0, listening: bool = False) -> Alarm | None:
        """What is wrong now; who says nothing while we listen is asked once whether he is there."""
        now_ms = self._clock_ms()
        limits = self._limits
        if now_ms - self.audio_ms > NO_AUDIO_S * 1000:
            return "no_audio"
        if now_ms - self._began_ms > limits.max_seconds * 1000 or turn > limits.max_turns:
            return "too_long"
        began_ms = self._turn_began_ms
        if began_ms is not None and now_ms - began_ms > NO_WORDS_S * 1000:
            self._turn_began_ms = now_ms
            return "no_words"
        return self._silence(now_ms) if listening else None

    def _silence(self, now_ms: float) -> Alarm | None:
        silent_ms = now_ms - self._active_ms
        if self._said_goodbye and silent_ms > AFTER_GOODBYE_S * 1000:
            return "left"
        if silent_ms <= self._limits.idle_seconds * 1000:
            return None
        self._active_ms = now_ms
        if self._asked_if_there:
            return "nobody_there"
        self._asked_if_there = True
        return "still_there"
