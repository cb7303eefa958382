"""Where speech starts, pauses and ends."""

import random

from telephony.media.audio.endpointing import Endpointer, Endpointing, SpeechChange
from tests.telephony.media.caller import voice

SILENCE = b"\xff" * 160


def changes(
    endpointer: Endpointer, mulaw: bytes, *, silence_frames: int = 60
) -> list[tuple[int, SpeechChange]]:
    audio = mulaw + SILENCE * silence_frames
    fed = ((n, endpointer.feed(audio[n * 160 : n * 160 + 160])) for n in range(len(audio) // 160))
    return [(n, change) for n, change in fed if change is not None]


def test_a_word_starts_pauses_and_ends() -> None:
    """In this order, the end after the silence that was asked for."""
    happened = changes(Endpointer(Endpointing(silence_ms=600, pause_ms=200)), voice("yes"))
    assert [change for _, change in happened] == ["started", "paused", "ended"]
    assert (happened[2][0] - happened[1][0]) * 20 == 400


def test_silence_and_line_noise_are_nobody() -> None:
    """Neither digital silence nor a hiss starts a turn."""
    drawn = random.Random(1)
    hiss = bytes(
        drawn.choice((0x7C, 0x7D, 0x7E, 0x7F, 0xFC, 0xFD, 0xFE, 0xFF)) for _ in range(160 * 200)
    )
    assert changes(Endpointer(Endpointing()), hiss) == []


def test_a_click_is_nobody() -> None:
    """One loud frame alone."""
    drawn = random.Random(2)
    click = bytes(drawn.randrange(256) for _ in range(160))
    assert changes(Endpointer(Endpointing()), SILENCE * 20 + click) == []


def test_all_zero_bytes_are_nobody() -> None:
    """The loudest code of µ-law, held, is no voice."""
    assert changes(Endpointer(Endpointing()), b"\x00" * 160 * 100) == []


def test_the_agents_own_turn_is_harder_to_interrupt() -> None:
    """Over the agent's voice more speech is needed to begin."""
    quick, slow = Endpointer(Endpointing()), Endpointer(Endpointing())
    slow.over_agent = True
    [first, *_] = changes(quick, voice("question"))
    [later, *_] = changes(slow, voice("question"))
    assert later[0] > first[0]


def test_a_pause_that_goes_on_is_one_turn() -> None:
    """Speech after a short silence starts again without ending."""
    happened = changes(
        Endpointer(Endpointing(silence_ms=900)), voice("yes") + SILENCE * 20 + voice("yes")
    )
    assert [change for _, change in happened] == ["started", "paused", "started", "paused", "ended"]
