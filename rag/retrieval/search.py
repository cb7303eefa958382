"""What a tenant's passages have on a question: by meaning and by words, without the database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Final

from rag.chroma import TenantIndex, collection_id
from rag.embedding.encoder import embed_query
from rag.retrieval.fusion import Found, fused, relevance_floor, worth_reading
from rag.retrieval.words import Ranked, Words, texts_by_place
from rag.types import Hit, KnowledgeHandle
from warmline.kernel.ids import TenantId
from warmline.kernel.matching import match_key

# How many of each ranking are looked at. Twice as many passages may be there for a moment while
# documents are replaced.
CANDIDATES: Final = 20
# More by words: a branch's name is in all that is known of it.
CANDIDATES_BY_WORDS: Final = 40
_MOST_COLLECTIONS: Final = 50
_SIDE_BY_SIDE: Final = 8


@cache
def _askers() -> ThreadPoolExecutor:
    """A tenant's collections are asked side by side."""
    return ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE, thread_name_prefix="collections")


def find(
    tenant_id: TenantId, *, handle: KnowledgeHandle, question: str, words: Words | None
) -> tuple[Found, ...]:
    """The passages that bear on a question in these collections, best first, each with why.

    `words` is the tenant's index of words, without which meaning alone ranks.
    `KnowledgeUnavailable` when the index of meanings does not answer.
    """
    question = " ".join(question.split())
    places = tuple(collection_id(text) for text in handle.split(",") if text)[:_MOST_COLLECTIONS]
    if not places or not question:
        return ()
    index = TenantIndex(tenant_id)
    vector = embed_query(match_key(question))
    # Chroma's server searches while this process ranks by words.
    nearest = [_askers().submit(index.nearest, place, vector, k=CANDIDATES) for place in places]
    by_words: Ranked = ()
    if words is not None:
        by_words = words.best(question, collections=places, k=CANDIDATES_BY_WORDS)
    near = sorted((hit for hits in nearest for hit in hits.result()), key=lambda hit: -hit.score)[
        :CANDIDATES
    ]
    missing = worth_reading(by_words, near=near)
    hits = _answering(index, [*near, *_named(index, missing, vector)])
    scores = {passage_id: score for _, passage_id, score in by_words}
    passages = words.passages_in(places) if words is not None else None
    return fused(hits, words=scores, floor=relevance_floor(passages))


def _named(index: TenantIndex, ranked: Ranked, vector: Sequence[float]) -> list[Hit]:
    hits: list[Hit] = []
    for place, ids in texts_by_place(ranked).items():
        hits += index.passages(place, ids, vector=vector)
    return hits


def _answering(index: TenantIndex, hits: Sequence[Hit]) -> list[Hit]:
    """Those whose revision is the registered one, under the document's title of now."""
    register = index.registered(hit.document_id for hit in hits)
    answering = []
    for hit in hits:
        registered = register.get(hit.document_id)
        if registered is not None and registered.revision_id == hit.revision_id:
            answering.append(replace(hit, title=registered.title))
    return answering
