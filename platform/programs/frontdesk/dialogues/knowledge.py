"""Facts and passages about a business, and the questions that they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from programs.frontdesk.dialogues.lexicon import WEEKDAYS, Lexicon, number, ordinal, words
from programs.frontdesk.dialogues.phrases import sayings

ASPECTS = tuple(sayings("sentences"))
SIGNS = (
    "24/7",
    "$40",
    "9:30",
    "50%",
    "e-mail",
    "don't",
    "we're",
    "10",
    "2026",
    "(free)",
    "5pm",
    "a.m.",
    "check-in",
    "that's",
    "x-ray",
)
INTROS = (
    "please note that",
    "at our place",
    "as a rule",
    "for your information",
    "since last year",
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved passage: its sentences,
    and for each the topic and the kind of question it answers.
    """

    sentences: tuple[str, ...]
    topics: tuple[str, ...]
    aspects: tuple[str, ...]

    @property
    def text(self) -> str:
        """The passage as retrieved."""
        return " ".join(f"{sentence}." for sentence in self.sentences)


def fill(template: str, *, lex: Lexicon, topic: str = "") -> str:
    """The template with its random slots drawn."""
    pieces = []
    for piece in template.split(" "):
        start, _, rest = piece.partition("{")
        key, _, end = rest.partition("}")
        pieces.append(f"{start}{_drawn(key, lex=lex, topic=topic)}{end}" if rest else piece)
    return " ".join(pieces)


def _drawn(key: str, *, lex: Lexicon, topic: str) -> str:
    match key:
        case "x":
            return topic
        case "p":
            return (
                lex.of(words("plain"))
                if lex.rng.random() < 0.5
                else lex.rng.choice(words("passage_extra"))
            )
        case "pp" | "ppp":
            return lex.plain(len(key) - 1, 3 * len(key) - 3)
        case "weekday":
            return lex.rng.choice(WEEKDAYS)
        case "nth":
            return ordinal(lex.rng.randint(1, 20))
        case "street":
            return lex.of(words("streets"))
        case _:
            return str(getattr(lex, key)())


def sentence(topic: str, *, aspect: str, lex: Lexicon) -> str:
    """One sentence about a topic, of the kind that answers `aspect`."""
    if lex.rng.random() < 0.1:
        return running_text(topic, lex=lex)
    text = fill(lex.rng.choice(sayings("sentences")[aspect]), lex=lex, topic=topic)
    return f"{lex.rng.choice(INTROS)} {text}" if lex.rng.random() < 0.08 else text


def running_text(topic: str, *, lex: Lexicon) -> str:
    """A longer sentence of everyday words in no set order, with the topic somewhere in it."""
    rng = lex.rng
    found = [
        rng.choice(SIGNS)
        if rng.random() < 0.06
        else rng.choice(words("passage_extra"))
        if rng.random() < 0.75
        else lex.plain(1, 1)
        for _ in range(rng.randint(4, 14))
    ]
    found.insert(rng.randint(0, len(found)), topic)
    if rng.random() < 0.3:
        found[rng.randrange(len(found) - 1)] += ","
    return " ".join(found)


def natural(*, lex: Lexicon) -> tuple[str, str]:
    """A sentence as businesses write them, and a question that it answers in other words."""
    wording, questions = lex.rng.choice(list(sayings("natural").items()))
    if lex.held and len(questions) > 2:
        question = questions[-1]
    else:
        question = lex.rng.choice(questions[: max(2, len(questions) - 1)])
    when = lex.rng.choice(("weekend", "evening", "night", "holiday", "sunday", "emergency"))
    shared = lex.of(words("plain"))
    filled = [
        re.sub(r"\{p\}", shared, text, count=1).replace("{w}", when) for text in (wording, question)
    ]
    filled = [text.replace("{n}", number(lex.rng.randint(2, 18))) for text in filled]
    return fill(filled[0], lex=lex), fill(filled[1], lex=lex)


def near(topic: str, *, taken: set[str], lex: Lexicon) -> str:
    """The topic as a caller may name it: of two words, one may be another."""
    parts = topic.split()
    if len(parts) != 2 or lex.rng.random() < 0.65:
        return topic
    kept = lex.rng.randrange(2)
    if any(parts[kept] in other.split() for other in taken if other != topic):
        return topic
    parts[1 - kept] = fresh_topic(taken | {topic}, lex=lex).split()[0]
    return " ".join(parts)


def passage(topics: list[str], *, lex: Lexicon) -> Passage:
    """A passage with one sentence for each topic."""
    aspects = [lex.rng.choice([*ASPECTS, "ask_topic"]) for _ in topics]
    return Passage(
        sentences=tuple(
            sentence(t, aspect=a, lex=lex) for t, a in zip(topics, aspects, strict=True)
        ),
        topics=tuple(topics),
        aspects=tuple(aspects),
    )


def facts(vertical: str, *, lex: Lexicon, least: int, most: int) -> list[tuple[str, str]]:
    """Label and value pairs as a business's profile holds them."""
    rng, found = lex.rng, dict[str, str]()
    if rng.random() < 0.75:
        found["hours"] = lex.hours()
    if rng.random() < 0.75:
        found["address"] = lex.address()
    if rng.random() < 0.35:
        found["phone"] = lex.digits(6, 9)
    want = max(rng.randint(least, most), len(found))
    while len(found) < want:
        if rng.random() < 0.4:
            service = lex.thing(
                vertical if vertical not in ("hospitality", "helpdesk", "realestate") else "salon"
            )
            found[f"price of {service}"] = lex.money()
        else:
            found[lex.topic()] = fill(rng.choice(sayings("values")["value"]), lex=lex)
    pairs = list(found.items())
    if rng.random() < 0.3:
        rng.shuffle(pairs)
    return pairs


def fresh_topic(taken: set[str], *, lex: Lexicon) -> str:
    """A topic that shares no word with those taken."""
    used = {word for topic in taken for word in topic.split()}
    while True:
        topic = lex.topic()
        if not used & set(topic.split()):
            return topic


def fresh_service(taken: set[str], *, vertical: str, lex: Lexicon) -> str:
    """A service whose price no fact gives."""
    kind = vertical if vertical not in ("hospitality", "helpdesk", "realestate") else "salon"
    used = {word for topic in taken for word in topic.split()}
    for _ in range(20):
        service = lex.thing(kind)
        if not used & set(service.split()):
            return service
    return lex.plain(2, 3)


def synonym_question(topic: str, *, lex: Lexicon) -> str | None:
    """A question about the topic that need not name it, where one is known."""
    texts = sayings("synonyms").get(topic)
    if texts is None or lex.rng.random() < 0.4:
        return None
    kept = [text for i, text in enumerate(texts) if (i % 3 == 2) is lex.held]
    return lex.rng.choice(kept) if kept else None
