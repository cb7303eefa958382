"""What a telephone recogniser does to a caller's words."""

from __future__ import annotations

import random

SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "to",
        "i",
        "is",
        "it",
        "my",
        "of",
        "for",
        "on",
        "at",
        "and",
        "do",
        "you",
        "can",
        "please",
        "would",
        "like",
        "in",
        "am",
        "are",
    ]
)
HOMOPHONES = {
    "for": "four",
    "to": "two",
    "would": "wood",
    "know": "no",
    "there": "their",
    "your": "you're",
    "our": "are",
    "hear": "here",
    "right": "write",
    "new": "knew",
    "need": "knead",
    "by": "buy",
    "see": "sea",
    "you": "u",
    "i": "eye",
    "book": "look",
    "what": "watt",
    "where": "wear",
    "have": "of",
    "and": "an",
    "is": "his",
    "price": "prize",
    "can": "ken",
    "how": "how",
    "do": "due",
    "cost": "cast",
    "want": "won't",
    "open": "oh pen",
    "goodbye": "good bye",
}
FILLERS = ("um", "uh", "er", "the", "and", "so", "well", "like", "a", "oh")


def recognise(pieces: list[tuple[str, bool]], *, rng: random.Random, level: float) -> str:
    """The recogniser's text for `pieces` of (word, may be damaged);
    `level` is the share of damaged words.
    """
    heard: list[str] = []
    for word, open_to_noise in pieces:
        if not open_to_noise or rng.random() >= level:
            heard.append(word)
            continue
        roll = rng.random()
        if roll < 0.3 and word in SMALL:
            continue
        if roll < 0.55:
            heard += [rng.choice(FILLERS), word]
        elif roll < 0.75:
            heard += [word, word]
        else:
            heard.append(HOMOPHONES.get(word, word))
    return " ".join(heard)
