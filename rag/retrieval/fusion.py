"""Two rankings of passages in one, and which of them answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from rag.retrieval.words import Ranked
from rag.types import Hit

# The least cosine of a passage that answers. The more passages there are, the nearer the nearest of
# them comes by chance: so that at most 1.5 % of what callers say that no document answers (thanks,
# jokes, who won the match) finds something, it takes 0.34 among 162 passages, 0.42 among 10,000 and
# 0.46 among 100,000. Of phrasings that were held out it is then 5.4, 4.0 and 3.7 %, and 89, 98 and
# 97 % of the questions with an answer get it; with 0.38 for all it was 1.4, 8.0 and 17.6 %, and 83,
# 98 and 97 % (`tests/bench/relevance.py`).
_FLOOR: Final = 0.245
_FLOOR_A_DECADE: Final = 0.043
_FEWEST: Final = 100  # with fewer it would go down to what is unlike
_USUAL: Final = 1000
# With the rare words of the question in it, less likeness will do: a code, a name, a product.
WORDS_FLOOR: Final = 0.25
STRONG_WORDS: Final = 12.0
# A passage far behind the best one answers another question, and leads a small model astray.
SHARE_OF_BEST: Final = 0.7
# What BM25 adds to a cosine: half of the most at HALF_WORDS.
MOST_OF_WORDS: Final = 0.25
HALF_WORDS: Final = 10.0
# Nobody is shown more: a call is given ten at most.
MOST_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its place in the one order."""

    hit: Hit
    words: float  # its BM25 score, 0 when none of the question's words singles it out
    score: float
    answers: bool
    because: str


def relevance_floor(passages: int | None) -> float:
    """The least cosine of a passage that answers, among so many; None for an unknown number."""
    count = max(_FEWEST, _USUAL if passages is None else passages)
    return _FLOOR + _FLOOR_A_DECADE * log10(count)


def fused(hits: Sequence[Hit], *, words: Mapping[str, float], floor: float) -> tuple[Found, ...]:
    """The passages in one order, best first, and whether each passes the floor.

    Its score is the cosine similarity with up to a quarter more for the question's words in it.
    """
    scored = []
    for hit in hits:
        by_words = words.get(hit.id, 0.0)
        scored.append((_score(hit.score, by_words), by_words, hit))
    scored.sort(key=lambda row: (-row[0], row[2].id))
    best = scored[0][0] if scored else 0.0
    found = []
    for score, by_words, hit in scored:
        least = WORDS_FLOOR if by_words >= STRONG_WORDS else floor
        why_not = _why_not(hit.score, least=least, score=score, best=best)
        because = why_not or _because(hit.score, by_words)
        found.append(Found(hit, by_words, round(score, 4), not why_not, because))
    return tuple(found)


def worth_reading(ranked: Ranked, *, near: Sequence[Hit]) -> Ranked:
    """Of the passages ranked by words, those that are not among the nearest in meaning and may come
    before the tenth of them all the same; `near` are all that came nearest, best first.

    A passage that is not among the nearest is no nearer than the last of them. Reading one costs
    0.1 ms, most of it for the digits of its vector.
    """
    words = {passage_id: score for _, passage_id, score in ranked}
    known = {hit.id for hit in near}
    missing = tuple(row for row in ranked if row[1] not in known)
    if len(near) < MOST_SHOWN:
        return missing
    scores = sorted((_score(hit.score, words.get(hit.id, 0.0)) for hit in near), reverse=True)
    tenth, last = scores[MOST_SHOWN - 1], near[-1].score
    return tuple(row for row in missing if _score(last, row[2]) > tenth)


def _score(meaning: float, words: float) -> float:
    return meaning + MOST_OF_WORDS * words / (words + HALF_WORDS)


def _why_not(meaning: float, *, least: float, score: float, best: float) -> str:
    if meaning < least:
        return f"its meaning is too far from the question's ({meaning:.2f}, expected {least:.2f})"
    if score < best * SHARE_OF_BEST:
        return f"too far behind the best passage ({score:.2f} to {best:.2f})"
    return ""


def _because(meaning: float, words: float) -> str:
    if words:
        return f"near in meaning ({meaning:.2f}), with words of the question (BM25 {words:.1f})"
    return f"near in meaning ({meaning:.2f})"
