"""The symbols that hibari reads, from eSpeak NG's transcription of a clause. Pure.

The network was trained on the alphabet of misaki (Apache-2.0, by hexgrad): IPA with one capital
for each diphthong. eSpeak NG's own rules read every word, names and foreign ones too: Whisper hears
no more words wrong than with misaki's dictionaries (19 % of the written forms beside 20 %, most of
them figures), and these would be 3 MB and a tagger more.
"""

import re
from collections.abc import Callable
from typing import Final

# Where a breath changes how the words around it are said, and so what eSpeak NG is given at once.
_BREATH: Final = re.compile(r"\s*([,;:.!?…—]+)(?:\s+|$)")
_TIE: Final = "^"
_ARTICLE: Final = re.compile(r"(?<!\S)ɐ(?=n?(?!\S))")
_SYLLABIC: Final = re.compile(r"(\S)\u0329")
_SYLLABIC_L: Final = re.compile(r"ə\^?l(?![ˈˌ\w])")
_FOR: Final = {
    "ʔˌn\u0329": "tᵊn",
    "ʔn\u0329": "tᵊn",
    "ʔn": "tᵊn",
    "a^ɪ": "I",
    "a^ʊ": "W",
    "e^ɪ": "A",
    "o^ʊ": "O",
    "ɔ^ɪ": "Y",
    "d^ʒ": "ʤ",
    "t^ʃ": "ʧ",
    "ɜːɹ": "ɜɹ",
    "ɚɹ": "əɹ",
    "ɜː": "ɜɹ",
    "ɚ": "əɹ",
    "ɪə": "iə",
    "e": "A",
    "o": "ɔ",
    "r": "ɹ",
    "x": "k",
    "ç": "k",
    "ɐ": "ə",
    "ɬ": "l",
    "ɾ": "T",
    "ʔ": "t",
    "ː": "",
    "ʲ": "",
    "\u0303": "",
    _TIE: "",
}
_LONGEST_FIRST: Final = re.compile("|".join(map(re.escape, sorted(_FOR, key=len, reverse=True))))
# The network's numbers of its symbols (Kokoro's vocabulary): those that English needs.
_IDS: Final = {
    symbol: number
    for first, symbols in (
        (1, ";:,.!?"),
        (9, "—…"),
        (16, " "),
        (24, "A"),
        (25, "I"),
        (31, "O"),
        (36, "T"),
        (39, "W"),
        (41, "Yᵊabcdef"),
        (50, "hijklmnopqrstuvwxyzɑɐɒ"),
        (72, "æ"),
        (76, "ɔ"),
        (81, "ðʤə"),
        (86, "ɛɜ"),
        (92, "ɡ"),
        (102, "ɪ"),
        (112, "ŋ"),
        (119, "θ"),
        (123, "ɹ"),
        (131, "ʃ"),
        (133, "ʧ"),
        (135, "ʊ"),
        (138, "ʌ"),
        (147, "ʒ"),
        (156, "ˈˌ"),
        (177, "ᵻ"),
    )
    for number, symbol in enumerate(symbols, first)
}
_END: Final = 0


def symbols_of(text: str, ipa: Callable[[str], str]) -> str:
    """The text as the network reads it; `ipa` transcribes one clause, tying letters by "^"."""
    pieces: list[str] = []
    at = 0
    for breath in (*_BREATH.finditer(text), None):
        clause = text[at : breath.start() if breath else len(text)]
        if any(letter.isalnum() for letter in clause):
            pieces.append(_own_alphabet(ipa(clause)))
        if breath:
            if pieces:
                pieces.append(f"{breath[1][0]} ")
            at = breath.end()
    return "".join(pieces).strip()


def symbol_ids(symbols: str) -> list[int]:
    """The network's numbers, with its mark at both ends; what it does not know is left out."""
    return [_END, *(_IDS[symbol] for symbol in symbols if symbol in _IDS), _END]


def _own_alphabet(ipa: str) -> str:
    # "a" and "an" keep the vowel that stands nowhere else
    marked = _SYLLABIC_L.sub("ᵊl", _ARTICLE.sub("\0", " ".join(ipa.split())))
    said = _LONGEST_FIRST.sub(lambda found: _FOR[found[0]], marked).replace("\0", "ɐ")
    return _SYLLABIC.sub(r"ᵊ\1", said).replace("ɹɹ", "ɹ")
