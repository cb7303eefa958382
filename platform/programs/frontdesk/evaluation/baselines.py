"""Two baselines that the model must clearly beat, so that the evaluation is seen to tell."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict

from programs.frontdesk.dialogues import dialogues
from programs.frontdesk.evaluation.scoring import Reply
from programs.frontdesk.types import Dialogue, Message

FIRST_TRAINING_SEED = 1_000_000


def training_turns(count: int) -> list[tuple[Dialogue, int]]:
    """Agent's turns of training dialogues: the dialogue and the turn's place."""
    found = []
    for seed in range(FIRST_TRAINING_SEED, FIRST_TRAINING_SEED + count):
        dialogue = dialogues.dialogue(seed, stage=dialogues.FULL)
        found += [(dialogue, at) for at, message in enumerate(dialogue.messages) if message.target]
    return found


def as_reply(message: Message) -> Reply:
    """What the agent said there."""
    return Reply(message.text, message.call)


class MostFrequent:
    """Always the most frequent reply of the training data."""

    def __init__(self, turns: list[tuple[Dialogue, int]]) -> None:
        counts = Counter(as_reply(dialogue.messages[at]) for dialogue, at in turns)
        self.reply = counts.most_common(1)[0][0]

    def __call__(self, dialogue: Dialogue) -> Reply:
        """The same reply to everything."""
        return self.reply


class Nearest:
    """The reply that followed the most similar turn of the training data (cosine of weighted
    words).
    """

    def __init__(self, turns: list[tuple[Dialogue, int]]) -> None:
        self.replies = [as_reply(dialogue.messages[at]) for dialogue, at in turns]
        bags = [words_before(dialogue.messages[:at]) for dialogue, at in turns]
        seen = Counter(word for bag in bags for word in bag)
        self.weight = {word: math.log(len(bags) / count) for word, count in seen.items()}
        self.index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, bag in enumerate(bags):
            for word, value in self.vector(bag).items():
                self.index[word].append((place, value))

    def vector(self, bag: Counter[str]) -> dict[str, float]:
        """Words with their weights, of length one."""
        raw = {word: count * self.weight.get(word, 0.0) for word, count in bag.items()}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {word: value / length for word, value in raw.items()}

    def __call__(self, dialogue: Dialogue) -> Reply:
        """The nearest turn's reply."""
        scores: dict[int, float] = defaultdict(float)
        for word, value in self.vector(words_before(dialogue.messages)).items():
            for place, other in self.index.get(word, ()):
                scores[place] += value * other
        return (
            self.replies[max(scores, key=lambda place: scores[place])]
            if scores
            else self.replies[0]
        )


def words_before(messages: tuple[Message, ...]) -> Counter[str]:
    """The words of the last two messages; the very last count double."""
    bag: Counter[str] = Counter()
    for message, times in zip(reversed(messages[-2:]), (2, 1), strict=False):
        text = message.text if message.call is None else message.call.name
        for word in re.findall(r"[a-z0-9_']+", text.lower()):
            bag[f"{message.role}:{word}"] += times
    return bag
