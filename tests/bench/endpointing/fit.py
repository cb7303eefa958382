"""Fits the weights of the turn detector: `python -m tests.bench.endpointing.fit` prints them.

On synthetic callers who say lines of frontdesk's training side; the bench judges on others. Each
pause counts three times, as words alone, as voice alone and as both, since that is how the parts
come to be known. The weights are drawn towards what the rules were written for: what a few hundred
pauses do not show (a number in groups, an "um") keeps its meaning.
"""

import argparse
import math
from dataclasses import astuple
from typing import Final

import numpy as np
from numpy.typing import NDArray

from telephony.media.turn_end.completeness import SIGNS, signs
from telephony.media.turn_end.decision import voice_odds
from tests.bench.endpointing.corpora import synthetic_callers
from tests.bench.endpointing.pauses import Known

LINES: Final = 130
STEPS: Final = 50
# How many pauses it takes to move a weight half of the way from where it was meant to be.
PRIOR_STRENGTH: Final = 3.0
# These stay where they are. Synthetic voices are stopped more plainly than people stop: fitted on
# them the voice's weight is twice as large and drowns the words. And words that show nothing are as
# likely an end as not, also those of ears that write no full stops; a "hello" may wait for one.
HELD_FAST: Final = {"voice": 1e6, "bias": 1e6, "opening": 1e6}
PRIOR: Final = {
    "dangling": -2.5,
    "filler": -2.5,
    "trailing": -1.0,
    "stopped": 0.5,
    "questioned": 0.5,
    "opening": -0.5,
    "courtesy": 1.0,
    "number_open": -3.0,
    "number_done": 2.5,
    "answer": 2.0,
    "answer_open": -0.7,
    "clause": -1.5,
    "length": 0.3,
    "bias": 0.0,
    "voice": 1.0,
    "voice_bias": -2.5,
}

Numbers = NDArray[np.float64]


def fitted(known: list[Known]) -> dict[str, float]:
    """The weights by name, those of both outcomes counting alike."""
    shown = np.array([row for one in known for row in _rows(one)])
    over = np.repeat([float(one.lasts_ms is None) for one in known], 3)
    share = np.where(over == 1, 0.5 / over.mean(), 0.5 / (1 - over.mean())) / 3
    prior = np.array([PRIOR[name] for name in PRIOR])
    strength = np.array([HELD_FAST.get(name, PRIOR_STRENGTH) for name in PRIOR])
    weights = prior.copy()
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-shown @ weights))
        slope = shown.T @ (share * (over - likely)) - strength * (weights - prior)
        curve = (shown * (share * likely * (1 - likely))[:, None]).T @ shown + np.diag(strength)
        weights = weights + np.linalg.solve(curve, slope)
    return dict(zip(PRIOR, weights.round(2).tolist(), strict=True))


def _rows(one: Known) -> list[list[float]]:
    words = [*astuple(signs(one.words, asked=one.asked)), 1.0]  # type: ignore[arg-type]
    voice = [voice_odds(one.voice), 1.0]
    return [[*words, 0.0, 0.0], [0.0] * len(words) + voice, [*words, *voice]]


def main() -> None:
    """Print the weights as `fitted.py` holds them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    weights = fitted(synthetic_callers(parser.parse_args().lines, held_out=False))
    assert math.isfinite(sum(weights.values()))
    print(f"BIAS: Final = {weights['bias']}")
    print(f"WORDS: Final = ({', '.join(str(weights[name]) for name in SIGNS)})")
    print(f"VOICE: Final = {weights['voice']}\nVOICE_BIAS: Final = {weights['voice_bias']}")


if __name__ == "__main__":
    main()
