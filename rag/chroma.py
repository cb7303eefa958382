"""The one way to Chroma, over its HTTP interface (version 2), with a deadline on every request.

Chroma asks for no credential and checks no tenant once a collection's id is known. So each of our
tenants has a Chroma tenant and database of its own, ids come from a table under row-level security
(or from a token that was made from it), every query filters by `tenant_id`, and every result is
checked again.
"""

import threading
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings

from rag.errors import ForeignPassage, KnowledgeUnavailable
from rag.types import Hit, IndexedPassage, KnowledgeHandle
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import TenantId

DATABASE = "knowledge"
COLLECTION = "passages"
# A caller waits for a search; the one who adds a document waits for indexing.
SEARCH_TIMEOUT_S = 1.0
WRITE_TIMEOUT_S = 15.0
_CONFLICT = 409
_MISSING = 404
_UPSERTED = 250  # passages in one request: 2 MB of JSON

_opening = threading.Lock()
_client: httpx.Client | None = None


def _http() -> httpx.Client:
    global _client  # noqa: PLW0603  one pool of connections a process, opened on first use
    with _opening:
        if _client is None:
            limits = httpx.Limits(max_connections=32, max_keepalive_connections=16)
            _client = httpx.Client(
                base_url=f"{settings.CHROMA_URL}/api/v2", limits=limits, trust_env=False
            )
        return _client


class TenantIndex:
    """One tenant's passages in Chroma."""

    def __init__(self, tenant_id: TenantId) -> None:
        self._tenant_id = tenant_id
        self._tenant = f"tenant-{tenant_id}"
        self._collections = f"/tenants/{self._tenant}/databases/{DATABASE}/collections"

    def ensure(self) -> KnowledgeHandle:
        """Make the Chroma tenant, database and collection where missing; the collection's id."""
        self._post("/tenants", {"name": self._tenant}, tolerate=_CONFLICT)
        self._post(f"/tenants/{self._tenant}/databases", {"name": DATABASE}, tolerate=_CONFLICT)
        space = {"hnsw": {"space": "cosine"}}
        wanted = {"name": COLLECTION, "get_or_create": True, "configuration": space}
        made = self._post(self._collections, wanted)
        return KnowledgeHandle(str(UUID(made["id"])))

    def upsert(self, handle: KnowledgeHandle, passages: Sequence[IndexedPassage]) -> None:
        """Add passages, or replace those of the same id; many go in several requests."""
        for start in range(0, len(passages), _UPSERTED):
            part = passages[start : start + _UPSERTED]
            body = {
                "ids": [passage.id for passage in part],
                "embeddings": [passage.vector for passage in part],
                "documents": [passage.text for passage in part],
                "metadatas": [
                    {
                        "tenant_id": self._tenant_id,
                        "document_id": passage.document_id,
                        "title": passage.title,
                    }
                    for passage in part
                ],
            }
            self._post(f"{self._collection(handle)}/upsert", body)

    def delete_document(self, handle: KnowledgeHandle, document_id: str) -> None:
        """Remove every passage of a document."""
        where = {"$and": [{"tenant_id": self._tenant_id}, {"document_id": document_id}]}
        self._post(f"{self._collection(handle)}/delete", {"where": where})

    def erase(self) -> int:
        """Remove everything that the index has of the tenant; how many collections it was."""
        count = self.collections()
        if count:
            self._ask("DELETE", f"/tenants/{self._tenant}/databases/{DATABASE}")
        return count

    def collections(self) -> int:
        """How many collections the tenant has; none where it has no database either."""
        answer = self._ask("GET", self._collections, tolerate=_MISSING)
        return len(answer) if isinstance(answer, list) else 0

    def nearest(
        self, handle: KnowledgeHandle, vector: Sequence[float], *, k: int
    ) -> tuple[Hit, ...]:
        """The k passages nearest in meaning, best first; `ForeignPassage` if one is not ours."""
        body = {
            "query_embeddings": [list(vector)],
            "n_results": k,
            "where": {"tenant_id": self._tenant_id},
            "include": ["documents", "metadatas", "distances"],
        }
        answer = self._post(f"{self._collection(handle)}/query", body, timeout_s=SEARCH_TIMEOUT_S)
        rows = zip(
            answer["ids"][0],
            answer["documents"][0],
            answer["metadatas"][0],
            answer["distances"][0],
            strict=True,
        )
        return tuple(self._hit(*row) for row in rows)

    def _hit(self, passage_id: str, text: str, metadata: dict[str, Any], distance: float) -> Hit:
        if metadata.get("tenant_id") != self._tenant_id:
            raise ForeignPassage(f"passage {passage_id} is not tenant {self._tenant_id}'s")
        return Hit(
            id=passage_id, title=str(metadata.get("title", "")), text=text, score=1.0 - distance
        )

    def _collection(self, handle: KnowledgeHandle) -> str:
        try:
            return f"{self._collections}/{UUID(handle)}"
        except ValueError:
            raise BadInput(f"knowledge handle {handle[:40]!r}: expected a UUID") from None

    def _post(
        self,
        path: str,
        body: dict[str, Any],
        *,
        timeout_s: float = WRITE_TIMEOUT_S,
        tolerate: int | None = None,
    ) -> Any:
        return self._ask("POST", path, body, timeout_s=timeout_s, tolerate=tolerate)

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        timeout_s: float = WRITE_TIMEOUT_S,
        tolerate: int | None = None,
    ) -> Any:
        try:
            answer = _http().request(method, path, json=body, timeout=timeout_s)
        except httpx.HTTPError as error:
            raise KnowledgeUnavailable(
                f"Chroma at {settings.CHROMA_URL}: {type(error).__name__}"
            ) from error
        if answer.status_code == tolerate:
            return {}
        if answer.is_error:
            raise KnowledgeUnavailable(
                f"Chroma answered {answer.status_code} to {path}: {answer.text[:200]}"
            )
        return answer.json()
