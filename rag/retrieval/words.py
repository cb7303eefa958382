"""Passages by their words (BM25): an index of a tenant's words, and who keeps it in memory.

The jobs make it and put it into the store; a process that searches keeps the ones that were asked
last, within `WARMLINE_WORD_INDEX_MB`, and looks for a newer one in the background. It holds words
and ids, never a text: what it finds is read from Chroma, where a passage that was removed is gone.
"""

import logging
import re
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

import bm25s
import msgspec
import numpy as np
import snowballstemmer
import structlog
from numpy.typing import NDArray

from rag import originals
from rag.errors import DocumentsAway, MisplacedDocument
from warmline.kernel import configuration
from warmline.kernel.ids import TenantId
from warmline.kernel.matching import match_key, unaccented

log = structlog.get_logger()
logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells each step on standard error

# A question waits so long for the index of a tenant that was not asked lately; then it is answered
# by meaning alone.
FIRST_LOAD_S: Final = 0.05
FRESH_FOR_S: Final = 2.0

# Signs that belong to the letter before them, as vowels do in Hindi and Thai: Python's \w has them
# not, and would take their words apart.
_MARKS: Final = "".join(
    mark for mark in map(chr, range(0x300, 0x10000)) if unicodedata.category(mark) in {"Mn", "Mc"}
)
_PART: Final = re.compile(rf"[\w{_MARKS}]+")
_WORD: Final = re.compile(rf"[\w{_MARKS}]+(?:['.,:/-][\w{_MARKS}]+)*")
# Thai, Lao, Burmese, Khmer, Japanese and Chinese put no space between words.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+"
)
_STEMMED: Final = 30_000
_LONGEST_WORD: Final = 40
# A word in more passages than that tells them apart no more, and costs most.
_MOST_SHARE: Final = 0.1
_FEW_PASSAGES: Final = 2000
_ENTRY_BYTES: Final = 150  # a word's in a dict, roughly

Ranked = tuple[tuple[UUID, str, float], ...]


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


_stemming = threading.Lock()


@lru_cache(maxsize=_STEMMED)
def _stem(word: str) -> str:
    # Its object holds the word that it works on.
    with _stemming:
        return str(_stemmer().stemWord(word))


def words_of(text: str) -> list[str]:
    """What a text is found by: its words without case and accents, those in the letters of English
    without endings, writing without spaces two letters at a time; a code such as "E-4711/b" also
    as one.
    """
    found = []
    for match in _WORD.finditer(unaccented(match_key(text)).replace("_", " ")):
        parts = _PART.findall(match[0])
        for part in parts:
            if part.isascii():
                found.append(_stem(part[:_LONGEST_WORD]))
            else:
                found += _foreign(part)
        if len(parts) > 1 and any(map(str.isdigit, match[0])):
            found.append("".join(parts)[:_LONGEST_WORD])
    return found


def _foreign(part: str) -> list[str]:
    """A word in other letters than English as it is; each pair of neighbours where there are no
    spaces, as is done for Chinese and Japanese everywhere.
    """
    found, spaced = [], 0
    for run in _UNSPACED.finditer(part):
        found += _whole(part[spaced : run.start()])
        letters = run[0]
        found += [letters[at : at + 2] for at in range(max(1, len(letters) - 1))]
        spaced = run.end()
    return found + _whole(part[spaced:])


def _whole(word: str) -> list[str]:
    return [word[:_LONGEST_WORD]] if word else []


class _Stored(msgspec.Struct, frozen=True):
    """An index of words as it lies in the store."""

    words: list[str]
    places: list[int]  # where each word's passages begin
    passages: bytes  # which, as int32
    weights: bytes  # the BM25 weight of the word in each, as float32
    ids: bytes  # the passages' ids, 16 bytes each
    collections: list[str]
    collection_of: bytes  # an index into `collections` for each passage, as uint16


@dataclass(frozen=True, slots=True)
class WordIndexEntry:
    """A passage on its way into an index of words."""

    id: UUID
    collection: UUID
    text: str


def built(entries: Iterable[WordIndexEntry]) -> bytes:
    """An index of the words of these passages, as it is stored."""
    vocabulary: dict[str, int] = {}
    tokens: list[list[int]] = []
    ids: list[bytes] = []
    collections: dict[str, int] = {}
    collection_of: list[int] = []
    for entry in entries:
        tokens.append(
            [vocabulary.setdefault(word, len(vocabulary)) for word in words_of(entry.text)]
        )
        ids.append(entry.id.bytes)
        collection_of.append(collections.setdefault(str(entry.collection), len(collections)))
    if not vocabulary:
        return msgspec.msgpack.encode(_Stored([], [0], b"", b"", b"", [], b""))
    ranking = bm25s.BM25(method="lucene", dtype="float32", int_dtype="int32", backend="numpy")
    ranking.index((tokens, vocabulary), show_progress=False, create_empty_token=False)
    stored = _Stored(
        words=list(vocabulary),
        places=np.asarray(ranking.scores["indptr"]).tolist(),
        passages=np.asarray(ranking.scores["indices"], dtype="<i4").tobytes(),
        weights=np.asarray(ranking.scores["data"], dtype="<f4").tobytes(),
        ids=b"".join(ids),
        collections=list(collections),
        collection_of=np.asarray(collection_of, dtype="<u2").tobytes(),
    )
    return msgspec.msgpack.encode(stored)


class Words:
    """An index of words in memory."""

    def __init__(self, raw: bytes) -> None:
        stored = msgspec.msgpack.decode(raw, type=_Stored)
        self._words = {word: number for number, word in enumerate(stored.words)}
        self._places = np.asarray(stored.places, dtype=np.int64)
        self._passages: NDArray[np.int32] = np.frombuffer(stored.passages, dtype="<i4")
        self._weights: NDArray[np.float32] = np.frombuffer(stored.weights, dtype="<f4")
        self._ids = stored.ids
        self._collections = [UUID(text) for text in stored.collections]
        self._collection_of: NDArray[np.uint16] = np.frombuffer(stored.collection_of, dtype="<u2")
        self._counts = np.bincount(self._collection_of, minlength=len(self._collections)).tolist()
        self.size_bytes = len(raw) + _ENTRY_BYTES * len(stored.words)

    @property
    def passages(self) -> int:
        """How many passages it knows."""
        return len(self._collection_of)

    def passages_in(self, collections: Sequence[UUID]) -> int:
        """How many of them are in these collections."""
        counts = zip(self._collections, self._counts, strict=True)
        return sum(count for collection, count in counts if collection in collections)

    def best(self, question: str, *, collections: Sequence[UUID], k: int) -> Ranked:
        """The k passages of these collections that the question's words single out, best first:
        collection, id and BM25 score.
        """
        wanted = [n for n, collection in enumerate(self._collections) if collection in collections]
        spans = self._spans(question)
        if not spans or not wanted:
            return ()
        scores = np.zeros(self.passages, dtype=np.float32)
        for start, end in spans:
            # A word's passages are distinct, so that a plain sum counts each once.
            scores[self._passages[start:end]] += self._weights[start:end]
        # Only those that have one of the words are ranked, once for each of the words: a tenth of
        # all at most, where all took 1.5 ms (100,000 passages).
        touched = np.concatenate([self._passages[start:end] for start, end in spans])
        if len(wanted) < len(self._collections):
            touched = touched[np.isin(self._collection_of[touched], wanted)]
        most = k * len(spans)
        if len(touched) > most:
            touched = touched[np.argpartition(scores[touched], -most)[-most:]]
        top = np.unique(touched)
        ranked = []
        for at in top[np.argsort(-scores[top], kind="stable")][:k]:
            passage_id = str(UUID(bytes=self._ids[16 * at : 16 * at + 16]))
            collection = self._collections[self._collection_of[at]]
            ranked.append((collection, passage_id, float(scores[at])))
        return tuple(ranked)

    def _spans(self, question: str) -> list[tuple[int, int]]:
        """Where the passages lie of each of the question's words that tells some apart."""
        most = max(_FEW_PASSAGES, int(_MOST_SHARE * self.passages))
        spans = []
        for word in dict.fromkeys(words_of(question)):
            number = self._words.get(word)
            if number is not None:
                start, end = int(self._places[number]), int(self._places[number + 1])
                if end - start <= most:
                    spans.append((start, end))
        return spans


@dataclass(slots=True)
class _Kept:
    version: str = ""
    words: Words | None = None
    looked_at: float = -FRESH_FOR_S
    looking: "Future[None] | None" = None


@dataclass(slots=True)
class WordMemory:
    """The indexes of words that a process keeps: those asked last, within `most_bytes`."""

    most_bytes: int
    _kept: "OrderedDict[TenantId, _Kept]" = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _readers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=2, thread_name_prefix="words")
    )

    def soon(self, tenant_id: TenantId) -> Words | None:
        """The tenant's index, if it is there at once; it may be a few seconds old."""
        kept = self._entry(tenant_id)
        looking = self._look(tenant_id, kept)
        if kept.words is None and looking is not None:
            try:
                looking.result(timeout=FIRST_LOAD_S)
            except FutureTimeout:
                return None
        return kept.words

    def newest(self, tenant_id: TenantId) -> Words | None:
        """The tenant's index as the store has it now; None when there is none or it is away."""
        kept = self._entry(tenant_id)
        self._read(tenant_id, kept)
        return kept.words

    def _entry(self, tenant_id: TenantId) -> _Kept:
        with self._guard:
            kept = self._kept.setdefault(tenant_id, _Kept())
            self._kept.move_to_end(tenant_id)
            return kept

    def _look(self, tenant_id: TenantId, kept: _Kept) -> "Future[None] | None":
        with self._guard:
            due = time.monotonic() - kept.looked_at >= FRESH_FOR_S
            if due and (kept.looking is None or kept.looking.done()):
                kept.looked_at = time.monotonic()
                kept.looking = self._readers.submit(self._read, tenant_id, kept)
            return kept.looking

    def _read(self, tenant_id: TenantId, kept: _Kept) -> None:
        try:
            version = originals.words_version(tenant_id=tenant_id)
            if version == kept.version:
                return
            words = Words(originals.words(tenant_id=tenant_id)) if version else None
        except (DocumentsAway, MisplacedDocument, msgspec.MsgspecError) as error:
            log.warning("index of words not read", tenant=tenant_id, why=str(error)[:200])
            return
        with self._guard:
            kept.version, kept.words = version, words
            self._make_room()

    def _make_room(self) -> None:
        total = sum(kept.words.size_bytes for kept in self._kept.values() if kept.words)
        while len(self._kept) > 1 and (total > self.most_bytes or len(self._kept) > 10_000):
            _, oldest = self._kept.popitem(last=False)
            total -= oldest.words.size_bytes if oldest.words else 0


@cache
def memory() -> WordMemory:
    """This process's own."""
    return WordMemory(configuration.WORD_INDEX_MB.value() * 1024 * 1024)


def texts_by_place(ranked: Ranked) -> Mapping[UUID, list[str]]:
    """The ids of ranked passages by the collection that they are in."""
    places: dict[UUID, list[str]] = {}
    for collection, passage_id, _ in ranked:
        places.setdefault(collection, []).append(passage_id)
    return places
