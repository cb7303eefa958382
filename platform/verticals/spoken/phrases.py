"""A caller's phrase as the words that carry a day or a time, each spelt one way.

Only what certainly says nothing about either is left out. A word that nobody foresaw stays, so
that the grammars, which must use every word, refuse the phrase.
"""

import re
from itertools import pairwise

from verticals.spoken.numbers import cardinal, ordinal
from warmline.kernel.matching import match_key

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
# A caller's breath is under 40 words; the grammars try every way to part what is left of it.
_MOST_WORDS = 24
_TOKEN = re.compile(
    r"""
    [0-9]{4}(?P<dash>[/-])[0-9]{1,2}(?P=dash)[0-9]{1,2}     # 2026-12-24
    | [0-9]{1,2}(?P<sign>[/.-])[0-9]{1,2}(?P=sign)(?:[0-9]{4}|[0-9]{2})   # 25/12/2026, 25.12.26
    | [0-9]{1,2}/[0-9]{1,2}                                 # 12/25
    | [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?                     # 14:30
    | [0-9]{1,2}\.[0-9]{2}                                  # 2.30
    | [0-9]+(?:st|nd|rd|th)\b
    | [0-9]+
    | [^\W\d_]+(?:'[^\W\d_]+)*
    | \S
    """,
    re.VERBOSE,
)
_SILENT = frozenset(".;:!?\"'*_()…`´")
_DASHES = frozenset("-–—")

_SPELLINGS = {
    **{name[:3]: name for name in (*WEEKDAYS, *MONTHS)},
    "tues": "tuesday",
    "weds": "wednesday",
    "wednsday": "wednesday",
    "wensday": "wednesday",
    "thur": "thursday",
    "thurs": "thursday",
    "sept": "september",
    "febuary": "february",
    "tomorow": "tomorrow",
    "tommorow": "tomorrow",
    "tommorrow": "tomorrow",
    "tmrw": "tomorrow",
    "tomorrow's": "tomorrow",
    "today's": "today",
    "week's": "week",
    "month's": "month",
    "o'clock": "oclock",
    "midday": "noon",
    "til": "till",
    "until": "till",
    "forth": "fourth",
    "mins": "minutes",
    "minute": "minutes",
    "hrs": "hours",
    "@": "at",
    "&": "and",
}
_AS_ONE = {"good friday": "good-friday", "o clock": "oclock"}
# "sun" and "sat" are words of their own: days only beside a date, or after one of these.
_SHORT_AND_A_WORD = {"sat": "saturday", "sun": "sunday"}
_BEFORE_A_SHORT_DAY = frozenset({"on", "next", "this", "coming"})

# Said around a day or a time without changing it; [a|b] is one of them, "" among them for none.
_POLITE = """
good [morning|afternoon|evening|day]|thank [you|you so much|you very much]|thanks [a lot|so much]
many thanks|excuse me|as well|[no|not a] [problem|worries]|i am|that'll be|[good|fine|great] to me
why not|why don't [we|you|i]|how about|what about|if possible|if you [don't|wouldn't] mind
if [it's|that's|it is|that is|it|that|you|i|we] [possible|okay|ok|alright|fine|works|can|could]
if [it's|it is|that's|you're|you are] [available|free|open]|[see|check|know|wonder|wondering] if
if [you have|you've got|there's|there is] [it|one|anything|something|space|room|time]
[thinking|hoping|looking|think] [of|about|for]|[look|looking] at|looking to|[i'm|be] [around|home]
[i|we] [was|were] [thinking|hoping|looking|wanting|wondering] [of|about|for|if|whether|]
[what|which|a] [time|times]|what time [is|would be] good|any chance [of|]|[for|with] [me|us|you]
to [book|schedule|reserve|arrange|make|get|have|do|be|see|say|ask|set up|set]|able to
to [come|go] [in|over|out|round|along|]|come [in|over|out|round|along]|drop in
[to|] [fit|book|put|pencil|squeeze|slot|get|sign|have|set] [me|us|it|that|] [in|down|up|]
[works|suits|good|best|fine|great|okay|ok|perfect|better] for everyone
send [someone|somebody] [out|over|round|]|[someone|somebody] visit|go [with|for]
[my|the] preferred [day|date|time] is
[a|an|the|my|our|your|any|some] [appointment|appointments|booking|slot|slots|visit|opening|openings]
[any|some] [availability|space|room|spots|spot|vacancies]|[a|one|any] spot
the [date|day|time] [is|would be|will be]|let us [say|do|make it|go|go with|go for|try]
"""
_FILLERS = """
um uh uhm er erm hm hmm mm mhm ah eh please thanks cheers yes yeah yep yup yea sure ok okay okey
alright right correct well so then like maybe perhaps possibly probably ideally preferably hopefully
actually really just only definitely certainly hi hello hey sorry pardon guys folks i i'm i'd i'll
i've we we'd we'll we're we've you you'd you'll you've me us it it's it'll that that's there there's
rather instead is are be would could can will shall should might must do does have has got get let
let's make go take try trying check say said meant guess think thinking suppose hope hoping wonder
wondering prefer want wanted wanna need needs needed love like sound sounds book schedule
reserve arrange come see work works suit suits good great fine perfect lovely nice best
ideal better cool brilliant excellent wonderful awesome free open available possible anything
something someone somebody anyone anybody how how's what what's when which im id ive its lets thats
theres whats youre youve
"""
# "the first available", "the next free friday", "ten or so": here they say something, and so do
# "the second try", "first come first served".
_SAYS_WHICH = frozenset({"free", "open", "available", "possible", "best", "good", "ideal", "so"})
_AFTER_WHICH_IT_SAYS = frozenset({"first", "second", "1st", "2nd", "next", "any", "the", "or"})
_COUNTED = frozenset(
    [
        "book",
        "check",
        "come",
        "get",
        "go",
        "guess",
        "let",
        "love",
        "make",
        "need",
        "say",
        "see",
        "take",
        "try",
    ]
)
# "I work monday", "i've got something at nine": what is in the way, and no wish.
_IN_THE_WAY = re.compile(
    r"\b(?:(?:i|we) (?:work|(?:have|have got|got) (?:work|something|somebody|someone))"
    r"|(?:i|we)'ve got (?:work|something|somebody|someone))\b"
)
_PARTS_OF_DAY = frozenset({"morning", "afternoon", "evening"})
_PRONOUNS = frozenset({"i", "we", "you", "he", "she", "they", "it"})


def _alternatives(text: str) -> list[str]:
    """Each phrase of a bank like "if [it|that] works", written out."""
    phrases = [""]
    for piece in re.split(r"(\[[^\]]*\])", text):
        choices = piece[1:-1].split("|") if piece.startswith("[") else [piece]
        phrases = [before + choice for before in phrases for choice in choices]
    return [" ".join(phrase.split()) for phrase in phrases]


def _phrase_pattern(bank: str) -> re.Pattern[str]:
    """One pattern for all phrases of a bank, the longest first."""
    lines = [line for row in bank.split("\n") for line in re.split(r"\|(?![^\[]*\])", row)]
    phrases = {phrase for line in lines for phrase in _alternatives(line) if phrase}
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first))})(?!\S)")


_FILLER_WORDS = frozenset(_FILLERS.split())
_POLITE_PATTERN = _phrase_pattern(_POLITE)


def phrase_words(text: str) -> list[str] | None:
    """The words that are left for a grammar; None for more than any day and time need.

    Numbers are figures, "~10" where a word was said and "10" where it was written; "21th" is an
    ordinal, "02th" a written one; "am" and "pm" are one word. A comma stands between numbers that
    were not said in one.
    """
    words = _numbered(_without_fillers(_may(_one_spelling(_tokens(text)))))
    return words if len(words) <= _MOST_WORDS else None


def _tokens(text: str) -> list[str]:
    """Words, figures and each sign that may mean something."""
    tokens = [token.group() for token in _TOKEN.finditer(match_key(text))]
    kept: list[str] = []
    for index, token in enumerate(tokens):
        beside_figures = any(
            neighbour[0].isdigit() for neighbour in tokens[max(index - 1, 0) : index + 2]
        )
        if token in _DASHES and beside_figures:
            kept.append("-")
        elif token not in _SILENT and token not in _DASHES:
            kept.append(token)
    return kept


def _one_spelling(tokens: list[str]) -> list[str]:
    """Abbreviations and usual misspellings written out, "p" and "m" as one."""
    words: list[str] = []
    for index, word in enumerate(tokens):
        following = next((after for after in tokens[index + 1 :] if after != ","), "")
        before = words[-1] if words else ""
        if word == "m" and before in ("a", "p"):
            words[-1] = f"{before}m"
        elif f"{before} {word}" in _AS_ONE:
            words[-1] = _AS_ONE[f"{before} {word}"]
        elif word in _PARTS_OF_DAY and before == "this":
            words[-1:] = ["today", word]
        elif word in _SHORT_AND_A_WORD:
            dated = _is_dated(before) or before in _BEFORE_A_SHORT_DAY or _is_dated(following)
            dated = dated or following == "the"
            words.append(_SHORT_AND_A_WORD[word] if dated else word)
        elif word != "t" or before.count("-") < 2:  # as in 2026-12-24T14:30
            words += _spelt(word, following=following, before=before)
    return words


def _spelt(word: str, *, following: str, before: str) -> list[str]:
    """One word as the grammars spell it, which may be two."""
    if word == "tonight":
        return ["today", "night"]
    if word == "p" and following != "m" and before[-1:].isdigit():
        return ["pm"]
    if word.endswith("ish"):
        return [*_spelt(word.removesuffix("ish"), following="", before=""), "ish"]
    if word.removesuffix("'s") in WEEKDAYS:
        return [word.removesuffix("'s")]
    return [_SPELLINGS.get(word, word)] if word else []


def _is_dated(word: str) -> bool:
    """Whether a word may belong to a date: a number or a month."""
    is_number = cardinal([word]) is not None or ordinal([word]) is not None
    return is_number or word[:1].isdigit() or _SPELLINGS.get(word, word) in MONTHS


def _may(words: list[str]) -> list[str]:
    """Without the "may" of "may i come": a month stands beside its day, any other is unclear."""
    kept: list[str] = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        before = words[index - 1] if index else ""
        dated = before == "of" or _is_dated(before) or _is_dated(following) or following == "the"
        asks = (following in _PRONOUNS and before != "of") or (before in _PRONOUNS and not dated)
        if word == "may" and asks:
            kept.append(",")
        elif word == "may" and not dated:
            kept.append("may-be")
        else:
            kept.append(word)
    return kept


def _without_fillers(words: list[str]) -> list[str]:
    """With commas for what is only polite; an "oh" before a number may be a nought."""
    said = _IN_THE_WAY.sub("in-the-way", " ".join(words))
    words = _POLITE_PATTERN.sub(" , ", said).split()
    kept: list[str] = []
    for word, following in pairwise([*words, ""]):
        said_last = next((said for said in reversed(kept) if said != ","), "")
        says_which = word in _SAYS_WHICH and said_last in _AFTER_WHICH_IT_SAYS
        says_which = says_which or (word in _COUNTED and ordinal(kept[-1:]) is not None)
        sighs = word == "oh" and cardinal([following]) is None
        if (word in _FILLER_WORDS or sighs) and not says_which:
            kept.append(",")
        else:
            kept.append(word)
    return kept


def _numbered(words: list[str]) -> list[str]:
    """Numbers as figures, and of the commas those between two numbers."""
    numbered: list[str] = []
    index = 0
    while index < len(words):
        word, used = _number_at(words, index)
        if word != "," or numbered[-1:] != [","]:
            numbered.append(word)
        index += used
    kept: list[str] = []
    for index, word in enumerate(numbered):
        beside = (*numbered[index - 1 : index], *numbered[index + 1 : index + 2])
        if word != "," or (len(beside) == 2 and all(map(_is_number, beside))):
            kept.append(word)
    return kept


def _number_at(words: list[str], at: int) -> tuple[str, int]:
    """The word that stands there, a number as figures, and how many words it took."""
    word = words[at]
    if word in ("oh", "o") or word.isdecimal():
        return word, 1
    for length in (2, 1):
        piece = words[at : at + length]
        if len(piece) == length and (day := ordinal(piece)) is not None:
            # Written, "2nd" is a day by itself; said, "second" may be a moment.
            return f"{day:02}th" if word[0].isdigit() else f"{day}th", length
        if len(piece) == length and (number := cardinal(piece)) is not None:
            return f"~{number}", length
    return word, 1


def _is_number(word: str) -> bool:
    return word.lstrip("~").isdecimal() and len(word) <= 3
