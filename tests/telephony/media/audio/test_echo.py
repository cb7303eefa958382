"""The agent's own voice on the caller's line."""

import audioop

import pytest

from telephony.media.audio.echo import EchoCanceller
from telephony.media.audio.endpointing import Endpointer, Endpointing, SpeechChange
from tests.telephony.media.caller import voice

SILENCE = b"\xff" * 160


def line(agent: bytes, *, echo_db: float, delay_ms: int, caller: bytes = b"") -> bytes:
    """What comes back of the agent's voice by a telephone band, with the caller's over it."""
    linear = audioop.ulaw2lin(agent, 2)
    # The mean of neighbours, and their difference, dull the voice as a handset does.
    dull = audioop.add(audioop.mul(linear, 2, 0.8), audioop.mul(bytes(2) + linear[:-2], 2, -0.4), 2)
    echo = bytes(delay_ms * 16) + audioop.mul(dull, 2, 10 ** (echo_db / 20))
    both = max(len(echo), 2 * len(caller))
    over = audioop.ulaw2lin(caller, 2)
    mixed = audioop.add(echo.ljust(both, b"\0"), over.ljust(both, b"\0"), 2)
    whole = audioop.lin2ulaw(mixed, 2) + SILENCE * 60
    return whole[: len(whole) // 160 * 160]


def heard(agent: bytes, on_line: bytes) -> list[tuple[int, SpeechChange]]:
    """What the endpointer makes of a line on which the agent speaks from the first frame on."""
    echo, endpointer = EchoCanceller(), Endpointer(Endpointing())
    endpointer.over_agent = True
    echo.sent(agent)
    frames = (on_line[n : n + 160] for n in range(0, len(on_line), 160))
    fed = ((n, endpointer.feed(echo.clean(frame))) for n, frame in enumerate(frames))
    return [(n, change) for n, change in fed if change is not None]


@pytest.mark.parametrize("echo_db", [-6, -10, -20, -36])
@pytest.mark.parametrize("delay_ms", [20, 130, 400])
def test_an_echo_does_not_begin_a_turn(echo_db: float, delay_ms: int) -> None:
    """However loud, however late; without the canceller it would."""
    agent = voice("question")
    on_line = line(agent, echo_db=echo_db, delay_ms=delay_ms)
    assert heard(agent, on_line) == []
    if echo_db > -20:
        assert heard(SILENCE, on_line) != []


def test_a_caller_over_his_own_echo_is_heard() -> None:
    """As soon as without an echo, or a moment later."""
    agent, caller = voice("question"), SILENCE * 50 + voice("stop")
    [begins, *_] = heard(agent, line(agent, echo_db=-10, delay_ms=130, caller=caller))
    [alone, *_] = heard(SILENCE, line(SILENCE, echo_db=-10, delay_ms=130, caller=caller))
    assert begins[1] == "started"
    assert abs(begins[0] - alone[0]) <= 8


def test_a_line_without_the_agent_is_left_as_it_is() -> None:
    """Nothing is taken from a caller's voice while the agent is silent, nor long after."""
    echo = EchoCanceller()
    said = voice("stop")[: 160 * 100]
    frames = [said[n : n + 160] for n in range(0, len(said), 160)]
    assert [echo.clean(frame) for frame in frames] == frames
    echo.sent(voice("yes"))
    for _ in range(110):
        echo.clean(SILENCE)
    assert [echo.clean(frame) for frame in frames] == frames


def test_what_was_cut_is_no_longer_expected() -> None:
    """The echo of words that were cleared never comes: the caller who says them is heard."""
    agent = voice("question")
    echo, endpointer = EchoCanceller(), Endpointer(Endpointing())
    echo.sent(agent)
    echo.cut()
    changes = [endpointer.feed(echo.clean(agent[n : n + 160])) for n in range(0, 160 * 60, 160)]
    assert "started" in changes


def test_an_echo_is_found_anew_at_another_delay() -> None:
    """The next sentence comes back sooner or later than the one before."""
    agent = voice("question")
    echo, endpointer = EchoCanceller(), Endpointer(Endpointing())
    endpointer.over_agent = True
    for delay_ms in (60, 210, 35):
        echo.sent(agent)
        on_line = line(agent, echo_db=-8, delay_ms=delay_ms)
        for n in range(0, len(on_line), 160):
            assert endpointer.feed(echo.clean(on_line[n : n + 160])) is None
