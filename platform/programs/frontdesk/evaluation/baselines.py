"""Two baselines that the model must clearly beat: they show that the evaluation tells."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict

from programs.frontdesk.dialogues import generator
from programs.frontdesk.dialogues.difficulty import FULL
from programs.frontdesk.evaluation.scoring import ModelAnswer
from programs.frontdesk.types import Dialogue, DialogueMessage

FIRST_TRAINING_SEED = 1_000_000


def training_turns(count: int) -> list[tuple[Dialogue, int]]:
    """The agent's turns of training dialogues: the dialogue and the message's index."""
    turns = []
    for seed in range(FIRST_TRAINING_SEED, FIRST_TRAINING_SEED + count):
        dialogue = generator.generate(seed, difficulty=FULL)
        targets = [index for index, message in enumerate(dialogue.messages) if message.target]
        turns += [(dialogue, index) for index in targets]
    return turns


def as_reply(message: DialogueMessage) -> ModelAnswer:
    """What the agent said there."""
    return ModelAnswer(message.text, message.call)


class MostFrequentReply:
    """Always the most frequent reply of the training data."""

    def __init__(self, turns: list[tuple[Dialogue, int]]) -> None:
        counts = Counter(as_reply(dialogue.messages[index]) for dialogue, index in turns)
        self.reply = counts.most_common(1)[0][0]

    def __call__(self, dialogue: Dialogue) -> ModelAnswer:
        """The same reply to everything."""
        return self.reply


class NearestTurn:
    """The reply to the most similar turn of the training data, by the cosine of their TF-IDF."""

    def __init__(self, turns: list[tuple[Dialogue, int]]) -> None:
        self.replies = [as_reply(dialogue.messages[index]) for dialogue, index in turns]
        bags = [words_before(dialogue.messages[:index]) for dialogue, index in turns]
        frequency = Counter(word for bag in bags for word in bag)
        self.weight = {word: math.log(len(bags) / count) for word, count in frequency.items()}
        self.index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, bag in enumerate(bags):
            for word, value in self.vector(bag).items():
                self.index[word].append((place, value))

    def vector(self, bag: Counter[str]) -> dict[str, float]:
        """Words with their weights, of length one."""
        raw = {word: count * self.weight.get(word, 0.0) for word, count in bag.items()}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {word: value / length for word, value in raw.items()}

    def __call__(self, dialogue: Dialogue) -> ModelAnswer:
        """The nearest turn's reply."""
        scores: dict[int, float] = defaultdict(float)
        for word, value in self.vector(words_before(dialogue.messages)).items():
            for place, other in self.index.get(word, ()):
                scores[place] += value * other
        nearest = max(scores, key=lambda place: scores[place], default=0)
        return self.replies[nearest]


def words_before(messages: tuple[DialogueMessage, ...]) -> Counter[str]:
    """The words of the last two messages; the very last count double."""
    bag: Counter[str] = Counter()
    for message, times in zip(reversed(messages[-2:]), (2, 1), strict=False):
        text = message.text if message.call is None else message.call.name
        for word in re.findall(r"[a-z0-9_']+", text.lower()):
            bag[f"{message.role}:{word}"] += times
    return bag
