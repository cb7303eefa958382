"""Facts and passages about a business, and the questions that they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from programs.frontdesk.dialogues.wording.lexicon import Lexicon
from programs.frontdesk.dialogues.wording.numbers import WEEKDAYS, number, ordinal
from programs.frontdesk.dialogues.wording.phrases import texts_by_key
from programs.frontdesk.dialogues.wording.word_lists import words

ASPECTS = tuple(texts_by_key("sentences"))
UNPRICED = ("hospitality", "helpdesk", "realestate")
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
class SyntheticPassage:
    """A retrieved passage: its sentences, each with its topic and the question that it answers."""

    sentences: tuple[str, ...]
    topics: tuple[str, ...]
    aspects: tuple[str, ...]

    @property
    def text(self) -> str:
        """The passage as retrieved."""
        return " ".join(f"{sentence}." for sentence in self.sentences)


def fill(template: str, *, lexicon: Lexicon, topic: str = "") -> str:
    """The template with its random slots drawn."""
    pieces = []
    for piece in template.split(" "):
        start, _, rest = piece.partition("{")
        key, _, end = rest.partition("}")
        pieces.append(f"{start}{_drawn(key, lexicon=lexicon, topic=topic)}{end}" if rest else piece)
    return " ".join(pieces)


def _drawn(key: str, *, lexicon: Lexicon, topic: str) -> str:
    match key:
        case "x":
            return topic
        case "p":
            return (
                lexicon.of(words("plain"))
                if lexicon.rng.random() < 0.5
                else lexicon.rng.choice(words("passage_extra"))
            )
        case "pp" | "ppp":
            return lexicon.plain(len(key) - 1, 3 * len(key) - 3)
        case "weekday":
            return lexicon.rng.choice(WEEKDAYS)
        case "nth":
            return ordinal(lexicon.rng.randint(1, 20))
        case "street":
            return lexicon.of(words("streets"))
        case _:
            return str(getattr(lexicon, key)())


def sentence(topic: str, *, aspect: str, lexicon: Lexicon) -> str:
    """One sentence about a topic, of the kind that answers `aspect`."""
    if lexicon.rng.random() < 0.1:
        return running_text(topic, lexicon=lexicon)
    text = fill(lexicon.rng.choice(texts_by_key("sentences")[aspect]), lexicon=lexicon, topic=topic)
    return f"{lexicon.rng.choice(INTROS)} {text}" if lexicon.rng.random() < 0.08 else text


def running_text(topic: str, *, lexicon: Lexicon) -> str:
    """A longer sentence of everyday words in no set order, with the topic somewhere in it."""
    rng = lexicon.rng
    text = [_everyday_word(lexicon) for _ in range(rng.randint(4, 14))]
    text.insert(rng.randint(0, len(text)), topic)
    if rng.random() < 0.3:
        text[rng.randrange(len(text) - 1)] += ","
    return " ".join(text)


def _everyday_word(lexicon: Lexicon) -> str:
    if lexicon.rng.random() < 0.06:
        return lexicon.rng.choice(SIGNS)
    if lexicon.rng.random() < 0.75:
        return lexicon.rng.choice(words("passage_extra"))
    return lexicon.plain(1, 1)


def paraphrased_fact(*, lexicon: Lexicon) -> tuple[str, str]:
    """A sentence as businesses write them, and a question that it answers in other words."""
    wording, questions = lexicon.rng.choice(list(texts_by_key("natural").items()))
    if lexicon.held_out and len(questions) > 2:
        question = questions[-1]
    else:
        question = lexicon.rng.choice(questions[: max(2, len(questions) - 1)])
    when = lexicon.rng.choice(("weekend", "evening", "night", "holiday", "sunday", "emergency"))
    shared = lexicon.of(words("plain"))
    templates = [
        re.sub(r"\{p\}", shared, text, count=1).replace("{w}", when) for text in (wording, question)
    ]
    templates = [text.replace("{n}", number(lexicon.rng.randint(2, 18))) for text in templates]
    return fill(templates[0], lexicon=lexicon), fill(templates[1], lexicon=lexicon)


def partly_renamed(topic: str, *, taken: set[str], lexicon: Lexicon) -> str:
    """The topic as a caller may name it: of two words, one may be another."""
    parts = topic.split()
    if len(parts) != 2 or lexicon.rng.random() < 0.65:
        return topic
    kept = lexicon.rng.randrange(2)
    if any(parts[kept] in other.split() for other in taken if other != topic):
        return topic
    parts[1 - kept] = fresh_topic(taken | {topic}, lexicon=lexicon).split()[0]
    return " ".join(parts)


def passage(topics: list[str], *, lexicon: Lexicon) -> SyntheticPassage:
    """A passage with one sentence for each topic."""
    aspects = [lexicon.rng.choice([*ASPECTS, "ask_topic"]) for _ in topics]
    return SyntheticPassage(
        sentences=tuple(
            sentence(topic, aspect=aspect, lexicon=lexicon)
            for topic, aspect in zip(topics, aspects, strict=True)
        ),
        topics=tuple(topics),
        aspects=tuple(aspects),
    )


def facts(vertical: str, *, lexicon: Lexicon, least: int, most: int) -> list[tuple[str, str]]:
    """Label and value pairs as a business's profile holds them."""
    rng, profile = lexicon.rng, dict[str, str]()
    if rng.random() < 0.75:
        profile["hours"] = lexicon.hours()
    if rng.random() < 0.75:
        profile["address"] = lexicon.address()
    if rng.random() < 0.35:
        profile["phone"] = lexicon.digits(6, 9)
    count = max(rng.randint(least, most), len(profile))
    while len(profile) < count:
        if rng.random() < 0.4:
            service = _service(vertical, lexicon=lexicon)
            profile[f"price of {service}"] = lexicon.money()
        else:
            value = fill(rng.choice(texts_by_key("values")["value"]), lexicon=lexicon)
            profile[lexicon.topic()] = value
    pairs = list(profile.items())
    if rng.random() < 0.3:
        rng.shuffle(pairs)
    return pairs


def _service(vertical: str, *, lexicon: Lexicon) -> str:
    """Something that has a price: what is booked, or a salon's service where that has none."""
    return lexicon.thing("salon" if vertical in UNPRICED else vertical)


def fresh_topic(taken: set[str], *, lexicon: Lexicon) -> str:
    """A topic that shares no word with those taken."""
    used = {word for topic in taken for word in topic.split()}
    while True:
        topic = lexicon.topic()
        if not used & set(topic.split()):
            return topic


def fresh_service(taken: set[str], *, vertical: str, lexicon: Lexicon) -> str:
    """A service whose price no fact gives."""
    used = {word for topic in taken for word in topic.split()}
    for _ in range(20):
        service = _service(vertical, lexicon=lexicon)
        if not used & set(service.split()):
            return service
    return lexicon.plain(2, 3)


def synonym_question(topic: str, *, lexicon: Lexicon) -> str | None:
    """A question about the topic that need not name it, where one is known."""
    texts = texts_by_key("synonyms").get(topic)
    if texts is None or lexicon.rng.random() < 0.4:
        return None
    kept = [text for i, text in enumerate(texts) if (i % 3 == 2) is lexicon.held_out]
    return lexicon.rng.choice(kept) if kept else None
