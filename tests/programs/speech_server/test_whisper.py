"""Whisper's ears: what is no speech has no words, nobody's utterance waits for ever, and a sentence
is written once.
"""

import asyncio
import threading
from functools import partial

import numpy as np
import pytest

from programs.speech_server.audio import TELEPHONE_HZ, Samples, from_mulaw
from programs.speech_server.errors import SlotsFull
from programs.speech_server.stt.whisper.decode_queue import DecodeQueue
from programs.speech_server.stt.whisper.model import WhisperModel
from programs.speech_server.stt.whisper.transcript import words_said
from programs.speech_server.stt.whisper.windows import windows
from tests.programs.speech_server.caller import distance, plain, spoken, words

PATIENCE_S = 20


@pytest.fixture(scope="module")
def model() -> WhisperModel:
    """The default ears."""
    return WhisperModel("whisper-tiny.en", threads=1)


def noise(seconds: float, *, loud: float) -> Samples:
    """As steady as a fan, from a seed."""
    drawn = np.random.default_rng(7).normal(0, loud * 32_768, int(seconds * TELEPHONE_HZ))
    return drawn.astype(np.float32)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.float32),
        np.zeros(400, np.float32),
        np.zeros(16_000, np.float32),
        noise(2.0, loud=0.001),
        noise(2.0, loud=0.02),
        noise(4.0, loud=0.1),
        (3_000 * np.sin(np.arange(16_000) * 2 * np.pi * 440 / TELEPHONE_HZ)).astype(np.float32),
    ],
    ids=["nothing", "a blink", "silence", "a quiet line", "a fan", "loud noise", "a tone"],
)
def test_what_is_no_speech_has_no_words(model: WhisperModel, samples: Samples) -> None:
    """By themselves these models write "you", or a sentence."""
    assert model.hear(samples).text == ""


@pytest.mark.parametrize("line", ["yes_please", "no_thank_you", "that_is_all"])
def test_the_shortest_answers_are_speech(model: WhisperModel, line: str) -> None:
    """They look most like noise, and matter most."""
    assert plain(model.hear(from_mulaw(spoken(line))).text) == words(line)


def test_a_companys_words_are_expected(model: WhisperModel) -> None:
    """As the text before the utterance, as much as there is room for; the utterance stays what it
    was.
    """
    phrases = ["Kowalczyk Plumbing", "Dr. Ramanujan", *(f"service number {n}" for n in range(400))]
    prompt = model.prompt(phrases)
    assert 10 < len(prompt) <= 201
    line = from_mulaw(spoken("a_person_please"))
    heard = plain(model.hear(line, prompt).text).split()
    assert distance(heard, words("a_person_please").split()) <= 1
    assert model.prompt([]) == ()


def test_a_long_utterance_is_cut_where_it_is_quiet() -> None:
    """Whole, in pieces that the model hears at once."""
    speech = noise(60.0, loud=0.1)
    pauses = [20.1, 41.7]
    for pause in pauses:
        at = int(pause * TELEPHONE_HZ)
        speech[at : at + TELEPHONE_HZ // 2] = 0
    pieces = list(windows(speech, at_most_s=24.0))
    assert np.array_equal(np.concatenate(pieces), speech)
    cuts = np.cumsum([len(piece) / TELEPHONE_HZ for piece in pieces])[:-1]
    assert [pytest.approx(pause + 0.25, abs=0.25) for pause in pauses] == list(cuts)


@pytest.mark.parametrize(
    ("text", "seconds", "said"),
    [
        ("Please hold. Please hold. Please", 2.0, "Please hold. Please hold. Please"),
        ("Press five to go on. Press five to go on. Press", 1.5, "Press five to go on."),
        ("my number is my number is five", 1.0, "my number is my number is five"),
        ("no no no no", 1.0, "no no no no"),
        ("", 1.0, ""),
    ],
)
def test_a_sentence_that_a_model_repeats_is_said_once(text: str, seconds: float, said: str) -> None:
    """Only where nobody could have spoken so fast; people repeat themselves too."""
    given = text.split()
    assert " ".join(given[: words_said(given, seconds=seconds)]) == said


class Held:
    """Work that lasts until it is let go."""

    def __init__(self) -> None:
        self._let_go = threading.Event()
        self.order: list[str] = []

    def work(self, name: str) -> str:
        """One decode."""
        self._let_go.wait(PATIENCE_S)
        self.order.append(name)
        return name

    def let_go(self) -> None:
        """All of it ends."""
        self._let_go.set()


async def test_utterances_are_decoded_in_the_order_in_which_they_ended() -> None:
    """One thread, three callers."""
    queue, held = DecodeQueue(threads=1, most_waiting=8), Held()
    tasks = []
    for name in "abc":
        work = partial(held.work, name)
        tasks.append(asyncio.create_task(queue.run(work, within_s=PATIENCE_S)))
        await asyncio.sleep(0)
    held.let_go()
    assert await asyncio.gather(*tasks) == ["a", "b", "c"]
    assert held.order == ["a", "b", "c"]
    queue.close()


async def test_an_utterance_that_cannot_be_heard_in_time_is_told_so() -> None:
    """The caller's text is asked of another replica while there is time; so is it where too many
    wait.
    """
    queue, held = DecodeQueue(threads=1, most_waiting=1), Held()
    running = asyncio.create_task(queue.run(lambda: held.work("a"), within_s=PATIENCE_S))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(queue.run(lambda: held.work("b"), within_s=0.05))
    await asyncio.sleep(0)
    with pytest.raises(SlotsFull, match="1 utterances wait for 1 threads"):
        await queue.run(lambda: held.work("c"), within_s=PATIENCE_S)
    with pytest.raises(SlotsFull, match="no text within"):
        await waiting
    held.let_go()
    assert await running == "a"
    queue.close()


async def test_nobody_waits_for_a_hypothesis() -> None:
    """Of two threads one stays free for whoever has finished speaking."""
    queue, held = DecodeQueue(threads=2, most_waiting=4), Held()
    first = await queue.run_if_idle(lambda: held.work("a hypothesis"))
    assert first is not None
    assert await queue.run_if_idle(lambda: held.work("another")) is None
    held.let_go()
    assert await queue.run(lambda: "an utterance", within_s=PATIENCE_S) == "an utterance"
    assert await first == "a hypothesis"
    queue.close()
