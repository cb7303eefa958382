"""A trigram model by interpolated Kneser-Ney smoothing (Kneser and Ney, 1995), written as ARPA."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

BEGIN, END = "<s>", "</s>"
_DISCOUNT = 0.7  # of each count, given to the shorter history
_NEVER = -99.0  # ARPA's way to write "cannot be predicted"

Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trigrams:
    """Counts of the training sentences, from which models are estimated."""

    threes: Counter[Gram]
    twos: Counter[Gram]

    def plus(self, other: "Trigrams") -> "Trigrams":
        """Both trainings together."""
        return Trigrams(self.threes + other.threes, self.twos + other.twos)


def count_trigrams(sentences: Iterable[str]) -> Trigrams:
    """Counts of all three-word runs, and of the two-word runs that open a sentence."""
    threes: Counter[Gram] = Counter()
    twos: Counter[Gram] = Counter()
    for sentence in sentences:
        words = (BEGIN, *sentence.split(), END)
        twos[words[:2]] += 1
        threes.update(zip(words, words[1:], words[2:], strict=False))
    return Trigrams(threes, twos)


def arpa(counts: Trigrams, *, background: Mapping[str, float], background_share: float) -> str:
    """The model as ARPA text.

    `background` gives further words their probability (summing to one); together they get
    `background_share` of the one-word distribution, so that a word outside the domain can be heard.
    """
    twos = _continuations(counts)
    ones = Counter(gram[1] for gram in twos)
    word_probability = _one_word(ones, background, background_share)
    two_probability, two_backoff = _interpolated(twos, lambda gram: word_probability[gram[-1]])
    three_probability, three_backoff = _interpolated(
        counts.threes, lambda gram: two_probability[gram[1:]]
    )
    lines = ["\\data\\", f"ngram 1={len(word_probability) + 1}"]
    lines += [
        f"ngram 2={len(two_probability)}",
        f"ngram 3={len(three_probability)}",
        "",
        "\\1-grams:",
    ]
    lines.append(f"{_NEVER} {BEGIN} {_log(two_backoff.get((BEGIN,), 1.0))}")
    for word, probability in sorted(word_probability.items()):
        lines.append(f"{_log(probability)} {word} {_log(two_backoff.get((word,), 1.0))}")
    lines += ["", "\\2-grams:"]
    for gram, probability in sorted(two_probability.items()):
        lines.append(f"{_log(probability)} {' '.join(gram)} {_log(three_backoff.get(gram, 1.0))}")
    lines += ["", "\\3-grams:"]
    for gram, probability in sorted(three_probability.items()):
        lines.append(f"{_log(probability)} {' '.join(gram)}")
    return "\n".join([*lines, "", "\\end\\", ""])


def _continuations(counts: Trigrams) -> Counter[Gram]:
    """Two-word counts as Kneser and Ney have them: by how many words a pair was preceded."""
    twos = Counter(gram[1:] for gram in counts.threes)
    # nothing precedes the first word of a sentence: its plain counts stand
    twos.update(counts.twos)
    return twos


def _one_word(
    ones: Counter[str], background: Mapping[str, float], background_share: float
) -> dict[str, float]:
    total = sum(ones.values())
    own_share = 1.0 - background_share if background else 1.0
    probability = {word: own_share * count / total for word, count in ones.items()}
    for word, share in background.items():
        probability[word] = probability.get(word, 0.0) + background_share * share
    return probability


def _interpolated(
    counts: Counter[Gram], shorter: Callable[[Gram], float]
) -> tuple[dict[Gram, float], dict[Gram, float]]:
    total: dict[Gram, int] = defaultdict(int)
    kinds: dict[Gram, int] = defaultdict(int)
    for gram, count in counts.items():
        total[gram[:-1]] += count
        kinds[gram[:-1]] += 1
    backoff = {history: _DISCOUNT * kinds[history] / total[history] for history in total}
    probability = {
        gram: (count - _DISCOUNT) / total[gram[:-1]] + backoff[gram[:-1]] * shorter(gram)
        for gram, count in counts.items()
    }
    return probability, backoff


def _log(probability: float) -> str:
    return f"{math.log10(min(max(probability, 1e-30), 1.0)):.4f}"
