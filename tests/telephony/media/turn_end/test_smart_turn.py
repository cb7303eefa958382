"""smart-turn beside calls: asked off the loop, bounded, and never waited for in vain."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from telephony.media.turn_end import smart_turn
from telephony.media.turn_end.smart_turn import MAX_WAITING, SmartTurn
from tests.telephony.media.caller import SILENT_FRAME, voice
from tests.telephony.media.turn_end.models import failing_model, loudness_model
from warmline.kernel.log_mel import SAMPLE_RATE_HZ, doubled, log_mel

PATIENT_S = 60.0


@pytest.fixture
def model(tmp_path: Path) -> SmartTurn:
    """A model of the same form: the mean of the last frame's bands, squashed to 0 to 1."""
    return SmartTurn(loudness_model(tmp_path), deadline_s=PATIENT_S)


async def test_the_model_hears_the_end_of_the_turn_and_not_its_beginning(model: SmartTurn) -> None:
    """Eight seconds back at most, whatever was before."""
    spoken = await model.probability(SILENT_FRAME * 100 + voice("question")[: 8000 * 2])
    silent = await model.probability(voice("question") + SILENT_FRAME * 500)
    assert spoken is not None
    assert silent is not None
    assert spoken > silent


async def test_more_pauses_than_the_model_has_room_for_are_decided_without_it(
    model: SmartTurn,
) -> None:
    """A few wait, nobody queues behind them."""
    answers = await asyncio.gather(*(model.probability(voice("yes")) for _ in range(50)))
    assert 0 < sum(answer is not None for answer in answers) <= MAX_WAITING
    assert await model.probability(voice("yes")) is not None


async def test_a_caller_who_goes_on_gives_the_place_back(model: SmartTurn) -> None:
    """What is cancelled before it ran never runs, and takes nobody's room."""
    for _ in range(3):
        asking = [asyncio.create_task(model.probability(voice("yes"))) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await asyncio.sleep(0.2)
    assert await model.probability(voice("yes")) is not None


async def test_a_model_that_fails_costs_nobody_the_call(tmp_path: Path) -> None:
    """Its error is answered with None, and the next question is asked all the same."""
    model = SmartTurn(failing_model(tmp_path), deadline_s=PATIENT_S)
    assert await model.probability(b"") == 0.5
    assert await model.probability(voice("yes")) is None
    assert await model.probability(b"") == 0.5


async def test_an_answer_that_comes_late_is_no_answer(tmp_path: Path) -> None:
    """The words decide meanwhile."""
    hurried = SmartTurn(loudness_model(tmp_path), deadline_s=0)
    assert await hurried.probability(voice("yes")) is None


async def test_without_weights_turns_end_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that has none starts, and says so."""
    monkeypatch.setenv("WARMLINE_WEIGHTS", str(tmp_path))
    assert smart_turn.load() is None


def test_the_spectrogram_is_whispers() -> None:
    """A tone of 1 kHz lies in one band, frames are 10 ms, and silence is eight decades below."""
    samples = np.zeros(SAMPLE_RATE_HZ, np.float32)
    samples[:8000] = np.sin(2 * np.pi * 1000 * np.arange(8000) / SAMPLE_RATE_HZ)
    bands = log_mel(samples)
    assert bands.shape == (80, 100)
    assert bands.dtype == np.float32
    # 1 kHz is 15 mel of 45.2 in all, on 81 steps
    assert set(bands[:, 5:45].argmax(axis=0)) == {26}
    assert np.allclose(bands[:, 55:], bands.max() - 2)


def test_what_is_doubled_in_rate_has_nothing_above_the_telephones_band() -> None:
    """A tone comes out as itself, not with its mirror image above 4 kHz."""
    seconds = np.arange(8000) / 8000
    tone = np.sin(2 * np.pi * 3000 * seconds).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(doubled(tone)[1000:-1000]))
    hz = np.fft.rfftfreq(14_000, 1 / 16_000)
    assert abs(hz[spectrum.argmax()] - 3000) < 10
    assert spectrum[hz > 4500].max() < spectrum.max() / 500
    assert doubled(np.zeros(0, np.float32)).size == 0
