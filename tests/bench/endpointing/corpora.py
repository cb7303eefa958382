"""The pauses that are judged, each found once and kept in `.warmline/bench/endpointing`."""

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.progress import track

from telephony.media.turn_end.completeness import tokens
from tests.bench import human_speech
from tests.bench.endpointing import evidence
from tests.bench.endpointing.pauses import Known, pauses
from tests.bench.human_speech import Speech
from warmline.kernel import env

# Long ones are lists of twenty sentences; short ones are pieces that others are joined to.
PROMPT_S: Final = (2.5, 9.0)
LEAST_TURN_S: Final = 2.0
HELD_ON_MS: Final = (400, 1500)
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+")


def people() -> list[Known]:
    """Real people's pauses, as long as they were."""
    return [*_kept("prompts", _prompts), *_kept("meetings", human_speech.meetings)]


def synthetic_callers(lines: int, *, held_out: bool) -> list[Known]:
    """Synthetic callers stopped in mid-sentence, on frontdesk's training side or the other."""
    path = _path(f"synthetic-{'other' if held_out else 'training'}-{lines}")
    known = evidence.kept(path)
    if known is None:
        # imported late: what is kept needs no voices
        from tests.bench.endpointing import synthetic

        ears = evidence.Ears()
        known = [
            ears.know(pause, speech.mulaw, asked=line.asked)
            for line, speech, stops in track(
                synthetic.spoken(lines, held_out=held_out), total=lines
            )
            for pause in stops
        ]
        evidence.keep(known, path)
    return known


def in_mid_sentence(known: Iterable[Known]) -> list[Known]:
    """The pauses within a sentence, and the ends of their turns.

    Whether a place is within a sentence is known from what was said in the end; a pause between two
    sentences, or in the last word, is one that nobody can tell from an end.
    """
    found: list[Known] = []
    for _, together in groupby(sorted(known, key=lambda one: one.turn), lambda one: one.turn):
        turn = list(together)
        ends = [one for one in turn if one.lasts_ms is None]
        if ends:
            found += [one for one in turn if one.lasts_ms and _within(one.words, ends[0].words)]
            found += ends
    return found


def held_on(known: Iterable[Known]) -> list[Known]:
    """The same pauses, held on as by people who look something up."""
    drawn = random.Random(1)
    return [
        one if one.lasts_ms is None else replace(one, lasts_ms=drawn.randint(*HELD_ON_MS))
        for one in known
    ]


def _within(words: str, sentences: str) -> bool:
    said = sentences.lower().replace("\u2019", "'")
    places = [match.end() for match in _WORD.finditer(said)]
    count = len(tokens(words))
    return 0 < count < len(places) and said[places[count - 1]] not in ".?!"


def _prompts() -> list[Speech]:
    least, most = (int(seconds * 8000) for seconds in PROMPT_S)
    return [one for one in human_speech.prompts() if least <= len(one.mulaw) <= most]


def _kept(name: str, speeches: Callable[[], list[Speech]]) -> list[Known]:
    known = evidence.kept(_path(name))
    if known is None:
        ears = evidence.Ears()
        heard = [one for one in speeches() if len(one.mulaw) >= LEAST_TURN_S * 8000]
        known = [ears.know(pause, one.mulaw) for one in track(heard) for pause in pauses(one)]
        evidence.keep(known, _path(name))
    return known


def _path(name: str) -> Path:
    return env.home() / "bench" / "endpointing" / f"{name}.json"
