"""What a listener says without wanting the turn: "mm-hm", "okay", laughter. Pure."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from telephony.media.audio.playout import HeardSentence
from verticals.spoken.languages import language_of
from warmline.kernel.matching import match_key

# Recognisers write noises in brackets or between stars: "[laughter]", "(coughs)", "*sighs*".
_NOISE: Final = re.compile(r"\[[^]]*\]|\([^)]*\)|\*[^*]*\*|[♪♫]+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
MOST_WORDS: Final = 6
NEARLY_HEARD: Final = 0.6  # of a question: people answer before its last word
JUST_BEGUN_WORDS: Final = 3
OWN_WORDS: Final = 4
OWN_SHARE: Final = 0.75  # a recogniser that hears an echo gets some of its words wrong

_BREATH: Final = "um|uh|erm|er|ah|oh|ha|haha|hahaha|heh|hehe|ho|ugh|hum"
_ASSENT: Final[Mapping[str, str]] = {
    "en": "mm hm|mm hmm|mm|mmm|mhm|m hm|m hmm|hmm|hm|mm mm|uh huh|huh|aha|okay|ok|kay|right|yeah"
    "|yep|yup|ya|yes|sure|alright|all right|i see|i know|got it|gotcha|good|great|cool|fine|nice"
    "|perfect|exactly|absolutely|definitely|of course|makes sense|that makes sense|sounds good"
    "|that's right|that's good|that's great|that's fine|i understand|go on|wow|really|thank you"
    "|thanks|you|okey|so",
    "es": "sí|si|ajá|aja|vale|claro|bueno|ya|de acuerdo|perfecto|entiendo|muy bien|bien|correcto"
    "|eso|gracias|por supuesto",
    "fr": "oui|ouais|d'accord|bien|très bien|je vois|entendu|voilà|c'est ça|merci|bien sûr",
    "de": "ja|genau|gut|stimmt|verstehe|alles klar|in ordnung|klar|richtig|ach so|super|danke|jo",
}
_GREETING: Final = (
    "hello|hi|hey|good morning|good afternoon|good evening|hola|buenos días|buenas tardes|bonjour"
    "|hallo|guten tag|guten morgen"
)


def lets_go_on(words: str, *, language: str, asked: bool = False, greeted: bool = False) -> bool:
    """Whether words that were said over the agent leave it the turn.

    `asked`: a question was heard, so that "okay" answers it. `greeted`: over a greeting, so that
    "hello" is one too.
    """
    spoken = tuple(_WORD.findall(match_key(_NOISE.sub(" ", words))))
    if asked:
        return _made_of(spoken, _phrases(_BREATH))
    if len(spoken) > MOST_WORDS:
        return False
    code = language_of(language)
    assent = _phrases(_BREATH, _ASSENT["en"], _ASSENT.get(code.code if code else "", ""))
    return _made_of(spoken, assent | _phrases(_GREETING) if greeted else assent)


def repeats(words: str, said: Sequence[HeardSentence]) -> bool:
    """Whether words that were heard over the agent are the agent's own, come back.

    Fewer than four are not told from a caller's who repeats what he is offered.
    """
    heard = _WORD.findall(match_key(words))
    own = [word for each in said for word in _WORD.findall(match_key(each.sentence))]
    if len(heard) < OWN_WORDS:
        return False
    alike = SequenceMatcher(None, heard, own, autojunk=False).get_matching_blocks()
    return sum(block.size for block in alike) >= OWN_SHARE * len(heard)


def question_heard(last: Sequence[HeardSentence]) -> bool:
    """Whether the last thing that was heard is a question, of the agent's last sentences."""
    if not last:
        return False
    now = last[-1]
    words = len(now.text.split())
    if "?" in now.sentence and words >= NEARLY_HEARD * len(now.sentence.split()):
        return True
    return len(last) > 1 and words <= JUST_BEGUN_WORDS and "?" in last[-2].sentence


def _phrases(*lists: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for each in lists for phrase in each.split("|"))


def _made_of(words: tuple[str, ...], phrases: frozenset[tuple[str, ...]]) -> bool:
    if not words:
        return True
    return any(
        words[:length] in phrases and _made_of(words[length:], phrases)
        for length in range(1, min(3, len(words)) + 1)
    )
