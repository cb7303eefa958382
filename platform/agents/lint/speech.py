"""What a voice cannot say, or says badly: marks for the eye, another language, too much. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from bm25s import stopwords

from agents.lint.findings import Finding, Subject
from agents.voices import language_of_voice, voices
from verticals.spoken.languages import language_of
from verticals.spoken.markup import without_markup
from verticals.spoken.speech import spoken_form
from verticals.spoken.values import Address
from verticals.spoken.written import written_in

# 165 words a minute, as the speech server speaks at speed 1.
CHARACTERS_PER_SECOND: Final = 15
LONG_GREETING_S: Final = 8
LONGEST_GREETING_S: Final = 15
LONG_FACT_S: Final = 12
# Words such as "the" and "how", which every sentence has some of: fewer may be another language's.
FEWEST_WORDS: Final = 3
_STOPWORDS: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset(stopwords.STOPWORDS_EN_PLUS),
    "es": frozenset(stopwords.STOPWORDS_SPANISH),
    "fr": frozenset(stopwords.STOPWORDS_FRENCH),
    "de": frozenset(stopwords.STOPWORDS_GERMAN),
}
_TABLE: Final = re.compile(r"\|.*\|")


def unspeakable(subject: Subject) -> Iterator[Finding]:
    """Emoji, Markdown, tables, addresses and letters that the voice does not know."""
    for field, text in subject.spoken_texts():
        if text.strip():
            yield from _unspeakable(field, text, subject.wording.language)


def greeting(subject: Subject) -> Iterator[Finding]:
    """A greeting that is missing, or that callers would cut off."""
    wording = subject.wording
    if not wording.greeting.strip():
        yield Finding(
            "greeting",
            "error",
            "no_greeting",
            "there is no greeting: callers would hear silence and hang up",
            "Say who answers and ask how to help, in one or two sentences",
        )
        return
    seconds = speech_seconds(wording.greeting, speed=wording.voice.speed)
    if seconds > LONG_GREETING_S:
        yield Finding(
            "greeting",
            "error" if seconds > LONGEST_GREETING_S else "warning",
            "long_greeting",
            f"it takes about {seconds:.0f} s to say; after {LONG_GREETING_S} callers cut in",
            "Say who answers and ask how to help; the rest is a fact that is told when asked",
        )
    for number, (_, value) in enumerate(wording.facts):
        seconds = speech_seconds(value, speed=wording.voice.speed)
        if seconds > LONG_FACT_S:
            yield Finding(
                f"facts.{number}.value",
                "warning",
                "long_fact",
                f"it takes about {seconds:.0f} s to say",
                "Put long answers into knowledge; a fact is a few words",
            )


def language(subject: Subject) -> Iterator[Finding]:
    """Words of another language than the agent's, and a voice that does not speak it."""
    wording = subject.wording
    spoken = language_of(wording.language)
    if spoken is None:
        return
    texts = (wording.greeting, *(value for _, value in wording.facts))
    for field, text in (("greeting", wording.greeting), ("facts", " ".join(texts[1:]))):
        other = detected_language(text)
        if other and other != spoken.code:
            yield Finding(
                field,
                "warning",
                "other_language",
                f"this reads as {other}, and the agent speaks {spoken.code}: its figures and dates "
                "would be said in the wrong language",
                "Choose the language that it is written in",
            )
    known = language_of_voice(wording.voice.name)
    if known is None:
        names = ", ".join(voice.name for voice in voices())
        yield Finding(
            "voice.name",
            "error",
            "unknown_voice",
            f"there is no voice {wording.voice.name!r}: every sentence would be refused",
            f"Choose one of {names}",
        )
    elif known != spoken.code:
        yield Finding(
            "voice.name",
            "warning",
            "voice_of_another_language",
            f"the voice speaks {known}, and the agent {spoken.code}: it will be hard to understand",
            "Choose a voice of the agent's language, where the speech side has one",
        )


def speech_seconds(text: str, *, speed: float) -> float:
    """About how long a text takes to say."""
    return len(text) / CHARACTERS_PER_SECOND / speed


def detected_language(text: str) -> str:
    """The language that a text is written in, where that is beyond doubt; else ""."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counts = {code: sum(word in known for word in words) for code, known in _STOPWORDS.items()}
    (first, most), (_, second) = Counter(counts).most_common(2)
    return first if most >= FEWEST_WORDS and most > 2 * second else ""


def _unspeakable(field: str, text: str, tag: str) -> Iterator[Finding]:
    if not spoken_form(text, tag):
        yield Finding(
            field,
            "error",
            "nothing_to_say",
            f"there is nothing in {text[:40]!r} that a voice could say",
            "Write it in words",
        )
        return
    if any(_is_picture(letter) for letter in text):
        yield Finding(
            field,
            "warning",
            "emoji",
            "emoji and symbols are left out when it is said",
            "Remove them",
        )
    elif _TABLE.search(text) or without_markup(text) != " ".join(text.split()):
        yield Finding(
            field,
            "warning",
            "markup",
            "marks of Markdown, HTML or tables are for the eye, and are left out when it is said",
            "Write plain sentences",
        )
    spoken = language_of(tag)
    address = spoken and next(
        (form for form in written_in(text, spoken) if isinstance(form.value, Address)), None
    )
    if address:
        yield Finding(
            field,
            "warning",
            "address",
            f"{text[address.begins : address.ends]!r} is spelt out: nobody remembers it",
            "Say where to find it, or offer to send it",
        )
    foreign = next((letter for letter in text if letter.isalpha() and not _is_latin(letter)), "")
    if foreign:
        yield Finding(
            field,
            "warning",
            "other_script",
            f"{foreign!r} is of a script that the agent's voices do not read",
            "Write it in Latin letters, as it sounds",
        )


def _is_picture(letter: str) -> bool:
    return letter >= "\u2190" and unicodedata.category(letter) in ("So", "Cs", "Co", "Cn")


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith(
        ("LATIN", "FEMININE", "MASCULINE")
    )
