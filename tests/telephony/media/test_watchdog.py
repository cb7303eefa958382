"""What ends a call, or a turn, in which nothing is said."""

from telephony.media.session.watchdog import AFTER_GOODBYE_S, NO_WORDS_S, Watchdog
from tests.telephony.media.plans import ANNA


class Clock:
    """Milliseconds that pass when told."""

    def __init__(self) -> None:
        self.now_ms = 0.0

    def __call__(self) -> float:
        return self.now_ms


def watched() -> tuple[Watchdog, Clock]:
    clock = Clock()
    return Watchdog(ANNA.limits, clock_ms=clock), clock


def later(watchdog: Watchdog, clock: Clock, seconds: float) -> None:
    """Time passes, audio comes."""
    clock.now_ms += seconds * 1000
    watchdog.audio_ms = clock.now_ms


def test_a_turn_without_words_is_looked_into_again_and_again() -> None:
    """Whether or not the agent listens; words end it."""
    watchdog, clock = watched()
    watchdog.turn_began()
    later(watchdog, clock, NO_WORDS_S + 0.1)
    assert watchdog.alarm() == "no_words"
    assert watchdog.alarm() is None
    later(watchdog, clock, NO_WORDS_S + 0.1)
    assert watchdog.alarm() == "no_words"
    watchdog.caller_said()
    later(watchdog, clock, NO_WORDS_S + 0.1)
    assert watchdog.alarm() is None


def test_noise_is_no_sign_that_somebody_is_there() -> None:
    """Turns that held no words do not put the question off."""
    watchdog, clock = watched()
    for _ in range(int(ANNA.limits.idle_seconds) + 1):
        watchdog.turn_began()
        later(watchdog, clock, 1.0)
        watchdog.turn_dropped()
    assert watchdog.alarm(listening=True) == "still_there"


def test_a_goodbye_to_whoever_did_not_take_leave_waits_a_moment() -> None:
    """He may say something yet; if he does, the call goes on."""
    watchdog, clock = watched()
    watchdog.agent_said_goodbye()
    assert watchdog.alarm(listening=True) is None
    later(watchdog, clock, AFTER_GOODBYE_S + 0.1)
    assert watchdog.alarm(listening=True) == "left"
    watchdog.caller_said()
    later(watchdog, clock, AFTER_GOODBYE_S + 0.1)
    assert watchdog.alarm(listening=True) is None
