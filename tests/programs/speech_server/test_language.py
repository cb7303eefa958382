"""The receptionist's language: its sentences, its probabilities, its sounds."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from programs.speech_server.audio import Resampler, from_mulaw, to_mulaw
from programs.speech_server.realtime.partials import EVERY_SAMPLES, Settled
from programs.speech_server.stt.ngram import arpa, count_trigrams
from programs.speech_server.stt.pronunciation import dictionary, words_of
from programs.speech_server.stt.sentences import TemplateError, receptionist, receptionist_sentences
from programs.speech_server.stt.vocabularies import phrases_of


def test_the_same_seed_gives_the_same_sentences_in_spoken_form() -> None:
    """Lower case, letters and apostrophes alone: what a recogniser can say."""
    sentences = list(receptionist_sentences(3_000, seed=5))
    assert sentences == list(receptionist_sentences(3_000, seed=5))
    assert all(words_of(sentence) == sentence.split() for sentence in sentences)


def test_every_template_can_be_filled() -> None:
    """No template names a slot that does not exist."""
    import random

    grammar = receptionist()
    for template in grammar.templates:
        for seed in range(5):
            assert grammar.filled(template, random.Random(seed))
    with pytest.raises(TemplateError, match="nowhere"):
        grammar.filled("at {nowhere}", random.Random(0))


def test_the_models_probabilities_sum_to_one() -> None:
    """For the empty history and for any history that was seen,
    over every word and the sentence's end.
    """
    counts = count_trigrams(["a b c", "a b d", "a c", "b d d"])
    model = _read(arpa(counts, background={"e": 0.5, "a": 0.5}, background_share=0.1))
    words = [word for (word,) in model[1] if word != "<s>"]
    for history in ((), ("a",), ("<s>", "a"), ("a", "b"), ("d",)):
        assert sum(_probability(model, (*history, word)) for word in words) == pytest.approx(
            1, abs=0.01
        )


def test_words_that_no_dictionary_has_are_sounded_out() -> None:
    """Known words keep the model's own sounds, unknown ones get some,
    and both are ARPAbet that the model knows.
    """
    entries = dictionary(["plumbing", "kowalczyk", "thank"])
    assert entries["plumbing"] == "P L AH M IH NG"
    assert entries["kowalczyk"].split()[0] == "K"
    assert len([entry for entry in entries if entry.startswith("thank")]) > 1
    assert {phone for phones in entries.values() for phone in phones.split()} <= _arpabet()


def test_a_prompt_is_a_list_of_phrases() -> None:
    """Commas, semicolons and lines divide; a title's full stop does not."""
    assert phrases_of("drain cleaning, Dr. Patel; Oak Street\nwater heater,") == (
        "drain cleaning",
        "Dr. Patel",
        "Oak Street",
        "water heater",
    )


def test_only_words_that_two_looks_agree_on_are_shown() -> None:
    """A word that may still change is kept back, and none is shown twice."""
    settled = Settled()
    assert settled.due(EVERY_SAMPLES)
    assert not settled.due(EVERY_SAMPLES + 1)
    assert settled.more("i would like") == ""
    assert settled.more("i would like to book") == "i would like "
    assert settled.more("i would like two looks at") == ""
    assert settled.more("i would like two looks at it") == "two looks "


def test_resampling_keeps_a_tone_and_its_length() -> None:
    """A tone inside the telephone band passes unchanged, in pieces of any size;
    one above it is gone.
    """
    for from_hz, to_hz in ((22_050, 8_000), (8_000, 16_000), (24_000, 8_000), (22_050, 24_000)):
        tone = 10_000 * np.sin(2 * np.pi * 1_000 * np.arange(from_hz) / from_hz).astype(np.float32)
        resampler = Resampler(from_hz, to_hz)
        pieces = [resampler.feed(tone[start : start + 441]) for start in range(0, from_hz, 441)]
        out = np.concatenate((*pieces, resampler.rest()))
        wanted = 10_000 * np.sin(2 * np.pi * 1_000 * np.arange(len(out)) / to_hz)
        assert abs(len(out) - to_hz) <= 1
        assert np.abs(out - wanted)[200:-200].max() < 5
    high = 10_000 * np.sin(2 * np.pi * 6_000 * np.arange(22_050) / 22_050).astype(np.float32)
    assert np.abs(Resampler(22_050, 8_000).feed(high)[200:]).max() < 50


def test_mulaw_comes_back_within_its_own_step() -> None:
    """Coding and decoding is the identity on the code's own values, and within a step elsewhere."""
    codes = bytes(range(256))
    again = to_mulaw(from_mulaw(codes))
    # the other zero
    assert [code for code, came in zip(codes, again, strict=True) if code != came] in ([], [0x7F])
    samples = np.arange(-32_000, 32_000, 7).astype(np.float32)
    assert np.all(
        np.abs(from_mulaw(to_mulaw(samples)) - samples) <= np.maximum(4, np.abs(samples) / 16)
    )


def _arpabet() -> set[str]:
    from programs.speech_server.stt.pronunciation import ACOUSTIC_MODEL

    lines = (
        (Path(ACOUSTIC_MODEL).parent / "cmudict-en-us.dict")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    return {phone for line in lines for phone in line.split()[1:]}


Model = dict[int, dict[tuple[str, ...], tuple[float, float]]]


def _read(text: str) -> Model:
    model: Model = defaultdict(dict)
    order = 0
    for line in text.splitlines():
        if line.endswith("-grams:"):
            order = int(line[1])
        elif order and line and not line.startswith("\\"):
            fields = line.split()
            backoff = 10 ** float(fields[order + 1]) if len(fields) > order + 1 else 1.0
            model[order][tuple(fields[1 : order + 1])] = (10 ** float(fields[0]), backoff)
    return model


def _probability(model: Model, gram: tuple[str, ...]) -> float:
    known = model[len(gram)].get(gram)
    if known is not None:
        return known[0]
    if len(gram) == 1:
        return 0.0
    backoff = model[len(gram) - 1].get(gram[:-1], (0.0, 1.0))[1]
    return backoff * _probability(model, gram[1:])
