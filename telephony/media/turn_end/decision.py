"""The end of a turn: after how much silence the caller is taken to have finished. Pure.

The words so far, how the voice fell and the question that was open say how likely the end is, in
log-odds; the wait follows from it. With even odds it is the agent's own `silence_ms`, threefold
for what is likely unfinished and a third of it for what is surely finished (decision 0033).
"""

import math
from dataclasses import astuple, dataclass
from typing import Final

from telephony.media.turn_end import fitted
from telephony.media.turn_end.asked import Asked
from telephony.media.turn_end.completeness import signs

# Silence alone ends a turn at the latest so long after the agent's own measure of it: with the
# usual 600 ms at 1.8 s, above the 1.5 s of people who look something up in mid-sentence.
PATIENCE_MS: Final = 1200
# Nobody's turn ends sooner: words of one breath lie this far apart.
LEAST_MS: Final = 160
# Odds of nine to one for the end make the wait a third, of three to one against it threefold: who
# is talked into loses his thread, who waits loses a moment.
_SHORTER: Final = math.log(3) / math.log(9)
_LONGER: Final = math.log(3) / math.log(3)
_VOICE_BOUND: Final = 0.01  # the model seldom says more than 0.99, and means no more


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known in a pause. None is what is not known yet, or could not be had in time."""

    words: str | None = None
    asked: Asked = "nothing"
    voice: float | None = None  # smart-turn's probability that the turn is over
    confidence: float = 1.0  # how sure the words are


@dataclass(frozen=True, slots=True)
class Wait:
    """After so much silence the turn is over, and why."""

    ms: int
    because: str


def log_odds(evidence: Evidence) -> float:
    """How likely the turn is over; 0 is as likely as not."""
    odds = 0.0
    if evidence.words:
        shown = astuple(signs(evidence.words, asked=evidence.asked))
        odds = fitted.BIAS + sum(w * s for w, s in zip(fitted.WORDS, shown, strict=True))
        odds *= evidence.confidence
    if evidence.voice is not None:
        odds += fitted.VOICE * voice_odds(evidence.voice) + fitted.VOICE_BIAS
    return odds


def voice_odds(probability: float) -> float:
    """What the model says, as log-odds."""
    bounded = min(max(probability, _VOICE_BOUND), 1 - _VOICE_BOUND)
    return math.log(bounded / (1 - bounded))


def wait(evidence: Evidence, *, silence_ms: int) -> Wait:
    """After how much silence the caller is taken to have finished, by what is known now."""
    odds = log_odds(evidence)
    longest = silence_ms + PATIENCE_MS
    rate = _SHORTER if odds > 0 else _LONGER
    ms = min(max(silence_ms * math.exp(-rate * odds), LEAST_MS), longest)
    return Wait(round(ms), _because(evidence))


def _because(evidence: Evidence) -> str:
    known = [
        name
        for name, has in (("words", bool(evidence.words)), ("voice", evidence.voice is not None))
        if has
    ]
    return " and ".join(known) or "silence"
