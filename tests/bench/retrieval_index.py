"""The companies whose knowledge the bench of retrieval asks, in Chroma and in indexes of words.

What takes minutes is kept in a folder: the vectors (embedded by the product's own model), and what
was made of them, until the passages or the model are others.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import numpy as np

from rag import originals
from rag.chroma import Registered, TenantIndex
from rag.embedding.encoder import GRAPH, embed
from rag.embedding.weights import WIDTH, Floats
from rag.retrieval.words import WordIndexEntry, built
from rag.types import IndexedPassage, KnowledgeHandle
from tests.bench.retrieval_corpus import Known
from warmline.kernel.ids import TenantId, new_uuid
from warmline.kernel.matching import match_key

ROUND: Final = 1000
# Raise it when what is put into the index changes its form.
_FORM: Final = "1"


@dataclass(frozen=True, slots=True)
class Company:
    """One company's knowledge, as it lies in the index."""

    tenant_id: TenantId
    handle: KnowledgeHandle
    known: dict[tuple[str, str], int]


class _Kept(msgspec.Struct, frozen=True):
    digest: str
    tenant_id: str
    handle: str
    words: bytes


def is_whole(folder: Path, rows: Sequence[Known]) -> bool:
    """Whether the folder holds the index of these passages already."""
    kept = _kept(folder)
    return kept is not None and kept.digest == _digest(rows)


def forget(folder: Path) -> None:
    """Remove an index that is half made or of other passages; Chroma must not run on it."""
    _place(folder).unlink(missing_ok=True)
    shutil.rmtree(folder / "state" / "chroma", ignore_errors=True)


def reopened(folder: Path, rows: Sequence[Known]) -> Company:
    """The company that was built in the folder."""
    kept = _kept(folder)
    assert kept is not None, "ask is_whole first"
    tenant_id = TenantId(kept.tenant_id)
    originals.keep_words(kept.words, tenant_id=tenant_id)
    return Company(tenant_id, KnowledgeHandle(kept.handle), _topics(rows))


def build(folder: Path, rows: Sequence[Known], *, others: Sequence[Sequence[Known]]) -> Company:
    """The company with these passages, and others beside it; kept in the folder when it is whole.

    The others come first: the company's passages are searched as they lie among everybody's.
    """
    for of_another in others:
        _indexed(of_another, _vectors(of_another))
    tenant_id, handle, words = _indexed(rows, kept_vectors(folder, rows))
    originals.keep_words(words, tenant_id=tenant_id)
    kept = _Kept(_digest(rows), tenant_id, handle, words)
    _place(folder).write_bytes(msgspec.msgpack.encode(kept))
    return Company(tenant_id, handle, _topics(rows))


def _indexed(rows: Sequence[Known], vectors: Floats) -> tuple[TenantId, KnowledgeHandle, bytes]:
    tenant_id = TenantId(str(new_uuid()))
    index = TenantIndex(tenant_id)
    place = index.ensure("c-all")
    entries: list[WordIndexEntry] = []
    documents: dict[str, tuple[str, str]] = {}
    for branch in dict.fromkeys(row.branch for row in rows):
        documents[branch] = (str(new_uuid()), str(new_uuid()))
        index.register(documents[branch][0], Registered(documents[branch][1], branch))
    for start in range(0, len(rows), ROUND):
        passages = [
            _passage(row, vector, documents=documents)
            for row, vector in zip(
                rows[start : start + ROUND], vectors[start : start + ROUND], strict=True
            )
        ]
        index.upsert(place, passages)
        entries += [
            WordIndexEntry(UUID(passage.id), place, f"{passage.title} {passage.text}")
            for passage in passages
        ]
    return tenant_id, KnowledgeHandle(str(place)), built(entries)


def _passage(
    row: Known, vector: Floats, *, documents: dict[str, tuple[str, str]]
) -> IndexedPassage:
    document_id, revision_id = documents[row.branch]
    return IndexedPassage(
        id=str(new_uuid()),
        document_id=document_id,
        revision_id=revision_id,
        title=row.branch,
        text=row.text,
        heading="",
        page=0,
        vector=tuple(vector.tolist()),
    )


def kept_vectors(folder: Path, rows: Sequence[Known]) -> Floats:
    """Their vectors; a build that was broken off goes on where it was."""
    path = folder / f"vectors-{_digest(rows)[:16]}.f32"
    done = path.stat().st_size // (4 * WIDTH) if path.exists() else 0
    with path.open("ab") as file:
        file.truncate(4 * WIDTH * done)
        for start in range(done, len(rows), ROUND):
            file.write(_vectors(rows[start : start + ROUND]).tobytes())
            file.flush()
    return np.fromfile(path, dtype=np.float32).reshape(-1, WIDTH)


def _vectors(rows: Sequence[Known]) -> Floats:
    return embed([match_key(f"{row.branch}. {row.text}") for row in rows])


def _topics(rows: Sequence[Known]) -> dict[tuple[str, str], int]:
    return {(row.branch, row.text): row.topic for row in rows}


def _kept(folder: Path) -> _Kept | None:
    path = _place(folder)
    return msgspec.msgpack.decode(path.read_bytes(), type=_Kept) if path.exists() else None


def _place(folder: Path) -> Path:
    return folder / "index.msgpack"


def _digest(rows: Iterator[Known] | Sequence[Known]) -> str:
    digest = hashlib.sha256(f"{_FORM} {GRAPH}".encode())
    for row in rows:
        digest.update(f"{row.branch}\n{row.text}\n".encode())
    return digest.hexdigest()
