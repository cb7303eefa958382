"""The recogniser's language models: the receptionist's trigrams, and those with a tenant's words.

The receptionist's sentences are counted once, when the server starts. A tenant's phrases are added
to those counts and the model is estimated anew, in a process of its own, so that no call waits for
it.
"""

import hashlib
import json
import math
import pickle
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pocketsphinx

from programs.speech_server.stt.ngram import Trigrams, arpa, count_trigrams
from programs.speech_server.stt.pronunciation import (
    GENERAL_MODEL,
    WORD,
    dictionary,
    spoken_forms,
    words_of,
)
from programs.speech_server.stt.sentences import phrase_sentences, receptionist_sentences

SENTENCES: Final = 40_000
SEED: Final = 20
# Words of everyday English beside the domain's: 3,000 cost half a percent of the domain's words and
# let a question about anything be heard at all.
GENERAL_WORDS: Final = 3_000
GENERAL_SHARE: Final = 0.04
PHRASE_COPIES: Final = 6
RECEPTIONIST: Final = "receptionist"
_LOG_BASE: Final = 1.0001  # of the numbers that PocketSphinx gives as probabilities


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A model on disk: ARPA trigrams, and the dictionary (a tenant's has the new words alone)."""

    name: str
    arpa: Path
    dictionary: Path

    def entries(self) -> list[tuple[str, str]]:
        """The dictionary's lines as (entry, phones)."""
        lines = self.dictionary.read_text(encoding="utf-8").splitlines()
        return [(entry, phones) for entry, _, phones in (line.partition(" ") for line in lines)]


def receptionist(cache: Path) -> LanguageModel:
    """The model that every call begins with, built on the first start and kept under `cache`."""
    folder = cache / _fingerprint()
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix="building-", dir=cache))
        _build_receptionist(building)
        try:
            building.rename(folder)
        except OSError:  # another server was quicker; its model is the same
            shutil.rmtree(building)
    return LanguageModel(
        RECEPTIONIST, folder / f"{RECEPTIONIST}.arpa", folder / f"{RECEPTIONIST}.dict"
    )


def _build_receptionist(folder: Path) -> None:
    counts = count_trigrams(receptionist_sentences(SENTENCES, seed=SEED))
    general = _general_words()
    entries = dictionary(_words(counts) | general.keys())
    spoken = {entry.partition("(")[0] for entry in entries}
    general = {word: share for word, share in general.items() if word in spoken}
    (folder / "counts.pickle").write_bytes(pickle.dumps((counts, general)))
    _write(folder, RECEPTIONIST, counts, general, entries)


def build_for_phrases(
    base: LanguageModel, folder: Path, name: str, phrases: Sequence[str]
) -> LanguageModel:
    """The receptionist's model (`base`) with a tenant's phrases in the sentences of callers."""
    pickled = (base.arpa.parent / "counts.pickle").read_bytes()
    counts, general = pickle.loads(pickled)  # noqa: S301  our own file
    spoken = [" ".join(words_of(phrase)) for phrase in phrases]
    own = count_trigrams(
        phrase_sentences([phrase for phrase in spoken if phrase], copies=PHRASE_COPIES, seed=SEED)
    )
    entries = dictionary(_words(own) - _words(counts) - general.keys())
    return _write(folder, name, counts.plus(own), general, entries)


def _write(
    folder: Path, name: str, counts: Trigrams, general: dict[str, float], entries: dict[str, str]
) -> LanguageModel:
    text = arpa(counts, background=general, background_share=GENERAL_SHARE)
    (folder / f"{name}.arpa").write_text(text, encoding="utf-8")
    words = "".join(f"{entry} {phones}\n" for entry, phones in entries.items())
    (folder / f"{name}.dict").write_text(words, encoding="utf-8")
    return LanguageModel(name, folder / f"{name}.arpa", folder / f"{name}.dict")


def _fingerprint() -> str:
    """Changes with the templates, this code, and the acoustic model's wheel."""
    digest = hashlib.sha256(version("pocketsphinx").encode())
    for file in sorted(Path(__file__).parent.glob("*.[tp][xy]*")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _words(counts: Trigrams) -> set[str]:
    return {word for gram in counts.threes for word in gram if not word.startswith("<")}


def _general_words() -> dict[str, float]:
    """Everyday words and their shares, by the unigrams of the wheel's own large model."""
    model = pocketsphinx.NGramModel(
        pocketsphinx.Config(lm=None), pocketsphinx.LogMath(), str(GENERAL_MODEL)
    )
    weight = {
        word: math.exp(model.prob([word]) * math.log(_LOG_BASE))
        for word in spoken_forms()
        if WORD.fullmatch(word)
    }
    chosen = sorted(weight, key=lambda word: (-weight[word], word))[:GENERAL_WORDS]
    total = sum(weight[word] for word in chosen)
    return {word: weight[word] / total for word in chosen}


def main() -> None:
    """Build the model that standard input orders as {"cache", "folder", "name", "phrases"}."""
    order = json.load(sys.stdin)
    base = receptionist(Path(order["cache"]))
    build_for_phrases(base, Path(order["folder"]), order["name"], order["phrases"])


if __name__ == "__main__":
    main()
