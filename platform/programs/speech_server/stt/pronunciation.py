"""Pronunciations in ARPAbet: the acoustic model's dictionary, and eSpeak NG for other words."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pocketsphinx

from programs.speech_server.tts.espeak import phonemes
from warmline.kernel.matching import match_key, unaccented

WORD: Final = re.compile(r"[a-z]+(?:['-][a-z]+)*|'[a-z]+")
_MODEL: Final = Path(pocketsphinx.get_model_path()) / "en-us"

ACOUSTIC_MODEL: Final = _MODEL / "en-us"
GENERAL_MODEL: Final = _MODEL / "en-us.lm.bin"

# Polite words as a telephone carries them: the fricative of "th" lies above its band, and the vowel
# before "ng" is raised in American speech. Without these, "thank you" of one voice in three came
# out as a name or as letters.
_ON_THE_TELEPHONE: Final[Mapping[str, tuple[str, ...]]] = {
    "thank": ("T EH M K", "T IH M K", "HH EH NG K", "TH EY NG K", "AE N K", "D AE N K"),
    "thanks": (
        "T EH M K S",
        "T IH M K S",
        "HH EH NG K S",
        "TH EY NG K S",
        "AE N K S",
        "D AE N K S",
    ),
}

# eSpeak NG's mnemonics for American English to ARPAbet; longer ones are tried first.
_ARPABET: Final[Mapping[str, str]] = {
    "tS": "CH",
    "dZ": "JH",
    "aI@": "AY ER",
    "aI3": "AY ER",
    "aU@": "AW ER",
    "i@3": "IH R",
    "i@": "IY AH",
    "aI": "AY",
    "aU": "AW",
    "eI": "EY",
    "OI": "OY",
    "oU": "OW",
    "A@": "AA R",
    "O@": "AO R",
    "o@": "AO R",
    "e@": "EH R",
    "U@": "UH R",
    "3:": "ER",
    "i:": "IY",
    "u:": "UW",
    "A:": "AA",
    "O:": "AO",
    "aa": "AE",
    "@L": "AH L",
    "@5": "AH",
    "@2": "AH",
    "I2": "IH",
    "I#": "IH",
    "0#": "AA",
    "E#": "EH",
    "VR": "AH R",
    "IR": "IH R",
    "N": "NG",
    "T": "TH",
    "D": "DH",
    "S": "SH",
    "Z": "ZH",
    "j": "Y",
    "h": "HH",
    "a": "AE",
    "@": "AH",
    "3": "ER",
    "I": "IH",
    "i": "IY",
    "E": "EH",
    "e": "EH",
    "V": "AH",
    "A": "AA",
    "0": "AA",
    "O": "AO",
    "o": "OW",
    "U": "UH",
    "u": "UW",
    "p": "P",
    "b": "B",
    "t": "T",
    "d": "D",
    "k": "K",
    "g": "G",
    "f": "F",
    "v": "V",
    "s": "S",
    "z": "Z",
    "m": "M",
    "n": "N",
    "l": "L",
    "r": "R",
    "w": "W",
    "x": "K",
}
_MNEMONIC: Final = re.compile("|".join(map(re.escape, sorted(_ARPABET, key=len, reverse=True))))


def words_of(text: str) -> list[str]:
    """The text's words as the recogniser writes them: English letters, no digits, no punctuation.

    "José" is heard as "jose".
    """
    return WORD.findall(unaccented(match_key(text)))


def dictionary(words: Iterable[str]) -> dict[str, str]:
    """Each word's pronunciations by dictionary entry: {"read": "R EH D", "read(2)": "R IY D"}."""
    known = spoken_forms()
    entries: dict[str, str] = {}
    for word in sorted(set(words)):
        forms = known.get(word, ())
        if not forms and (guess := _by_espeak(word)):
            forms = (guess,)
        forms = (*forms, *_ON_THE_TELEPHONE.get(word, ()))
        for number, phones in enumerate(forms, 1):
            entries[word if number == 1 else f"{word}({number})"] = phones
    return entries


@cache
def spoken_forms() -> dict[str, tuple[str, ...]]:
    """The acoustic model's own dictionary: each word's pronunciations, by word."""
    forms: dict[str, tuple[str, ...]] = {}
    with (_MODEL / "cmudict-en-us.dict").open(encoding="utf-8") as lines:
        for line in lines:
            entry, _, phones = line.strip().partition(" ")
            word = entry.partition("(")[0]
            forms[word] = (*forms.get(word, ()), phones.strip())
    return forms


def _by_espeak(word: str) -> str:
    return " ".join(_ARPABET[mnemonic] for mnemonic in _MNEMONIC.findall(phonemes(word)))
