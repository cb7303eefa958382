"""Two rankings of passages in one, and which of them answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rag.types import Hit

# Cosine. Over the demo's questions, the sentence that answers was seen from 0.49 up, any other
# below 0.38.
RELEVANCE_FLOOR: Final = 0.38
# With the rare words of the question in it, less likeness will do: a code, a name, a product.
WORDS_FLOOR: Final = 0.25
STRONG_WORDS: Final = 12.0
# A passage far behind the best one answers another question, and leads a small model astray.
SHARE_OF_BEST: Final = 0.7
# What BM25 adds to a cosine: half of the most at HALF_WORDS.
MOST_OF_WORDS: Final = 0.25
HALF_WORDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its place in the one order."""

    hit: Hit
    words: float  # its BM25 score, 0 when none of the question's words singles it out
    score: float
    answers: bool
    because: str


def fused(hits: Sequence[Hit], *, words: Mapping[str, float]) -> tuple[Found, ...]:
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
        why_not = _why_not(hit.score, by_words, score=score, best=best)
        because = why_not or _because(hit.score, by_words)
        found.append(Found(hit, by_words, round(score, 4), not why_not, because))
    return tuple(found)


def _score(meaning: float, words: float) -> float:
    return meaning + MOST_OF_WORDS * words / (words + HALF_WORDS)


def _why_not(meaning: float, words: float, *, score: float, best: float) -> str:
    floor = WORDS_FLOOR if words >= STRONG_WORDS else RELEVANCE_FLOOR
    if meaning < floor:
        return f"its meaning is too far from the question's ({meaning:.2f}, expected {floor:.2f})"
    if score < best * SHARE_OF_BEST:
        return f"too far behind the best passage ({score:.2f} to {best:.2f})"
    return ""


def _because(meaning: float, words: float) -> str:
    if words:
        return f"near in meaning ({meaning:.2f}), with words of the question (BM25 {words:.1f})"
    return f"near in meaning ({meaning:.2f})"
