"""The one way to Chroma, over its HTTP interface (version 2), with a deadline on every request.

Chroma asks for no credential and checks no tenant once a collection's id is known. So each of our
tenants has a Chroma tenant and database of its own, ids come from a table under row-level security
(or from a token that was made from it), and every row of every answer is checked. A filter by
tenant is not asked for: it took 410 ms where the same search took 4 (100,000 passages).

Beside the passages stands a register with a record for each document, which names the revision that
answers. A passage whose revision is not the registered one does not answer: writing that one record
is how a document is replaced in one step, and removing it how it is forgotten at once.
"""

import base64
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from rag.errors import ForeignPassage, KnowledgeUnavailable
from rag.types import Hit, IndexedPassage
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import TenantId

DATABASE: Final = "knowledge"
REGISTER: Final = "documents"
# A caller waits for a search; the one who adds a document waits for indexing.
SEARCH_TIMEOUT_S: Final = 1.0
WRITE_TIMEOUT_S: Final = 15.0
_CONFLICT: Final = 409
_UPSERTED: Final = 250  # passages in one request: half a megabyte of JSON
_NAMED: Final = 2000  # ids in one request

_opening = threading.Lock()
_client: httpx.Client | None = None


def _http() -> httpx.Client:
    global _client  # noqa: PLW0603  one pool of connections a process, opened on first use
    with _opening:
        if _client is None:
            limits = httpx.Limits(max_connections=32, max_keepalive_connections=16)
            _client = httpx.Client(
                base_url=f"{settings.CHROMA_URL}/api/v2",
                limits=limits,
                trust_env=False,
                headers={"Content-Type": "application/json"},
            )
        return _client


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register says of a document."""

    revision_id: str
    title: str


class TenantIndex:
    """One tenant's passages in Chroma; `collection` is the id of one of its collections there."""

    def __init__(self, tenant_id: TenantId) -> None:
        self._tenant_id = tenant_id
        self._tenant = f"tenant-{tenant_id}"
        self._collections = f"/tenants/{self._tenant}/databases/{DATABASE}/collections"

    def ensure(self, name: str) -> UUID:
        """Make the Chroma tenant, database and collection where missing; the collection's id."""
        self._post("/tenants", {"name": self._tenant}, tolerate=_CONFLICT)
        self._post(f"/tenants/{self._tenant}/databases", {"name": DATABASE}, tolerate=_CONFLICT)
        space = {"hnsw": {"space": "cosine"}}
        wanted = {"name": name, "get_or_create": True, "configuration": space}
        return UUID(self._post(self._collections, wanted)["id"])

    def upsert(self, collection: UUID, passages: Sequence[IndexedPassage]) -> None:
        """Add passages, or replace those of the same id; many go in several requests."""
        for start in range(0, len(passages), _UPSERTED):
            part = passages[start : start + _UPSERTED]
            body = {
                "ids": [passage.id for passage in part],
                "embeddings": [_packed(passage.vector) for passage in part],
                "documents": [passage.text for passage in part],
                "metadatas": [self._metadata(passage) for passage in part],
            }
            self._post(f"{self._place(collection)}/upsert", body)

    def register(self, document_id: str, registered: Registered) -> None:
        """From now on this revision of a document answers, under this title, and no other."""
        body = {
            "ids": [document_id],
            "embeddings": [[1.0]],
            "metadatas": [
                {
                    "tenant_id": self._tenant_id,
                    "revision_id": registered.revision_id,
                    "title": registered.title,
                }
            ],
        }
        self._post(f"{self._register()}/upsert", body)

    def unregister(self, document_ids: Sequence[str]) -> None:
        """From now on nothing of these documents answers."""
        self._delete(self._register(), document_ids)

    def registered(self, document_ids: Iterable[str]) -> Mapping[str, Registered]:
        """What the register says of these documents; one that it does not know is left out."""
        wanted = list(dict.fromkeys(document_ids))
        if not wanted:
            return {}
        body = {"ids": wanted, "include": ["metadatas"]}
        answer = self._post(f"{self._register()}/get", body, timeout_s=SEARCH_TIMEOUT_S)
        known = {}
        for document_id, metadata in zip(answer["ids"], answer["metadatas"], strict=True):
            self._check(document_id, metadata)
            known[document_id] = Registered(metadata["revision_id"], metadata["title"])
        return known

    def forget_document(self, collection: UUID, document_id: str) -> None:
        """Remove every passage of a document from a collection."""
        where = {"$and": [{"tenant_id": self._tenant_id}, {"document_id": document_id}]}
        self._post(f"{self._place(collection)}/delete", {"where": where})

    def erase(self) -> int:
        """Remove everything that the index has of the tenant; how many collections it was."""
        count = self.count()
        if count:
            self._ask("DELETE", f"/tenants/{self._tenant}/databases/{DATABASE}")
        return count

    def count(self) -> int:
        """How many collections the tenant has; none where it has no database either."""
        answer = self._ask("GET", self._collections, tolerate=404)
        return len(answer) if isinstance(answer, list) else 0

    def forget(self, collection: UUID, passage_ids: Sequence[str]) -> None:
        """Remove passages; those that are not there are no error."""
        self._delete(self._place(collection), passage_ids)

    def nearest(self, collection: UUID, vector: Sequence[float], *, k: int) -> tuple[Hit, ...]:
        """The k passages nearest in meaning, best first; `ForeignPassage` if one is not ours."""
        body = {
            "query_embeddings": [list(vector)],
            "n_results": k,
            "include": ["documents", "metadatas", "distances"],
        }
        answer = self._post(f"{self._place(collection)}/query", body, timeout_s=SEARCH_TIMEOUT_S)
        rows = zip(
            answer["ids"][0],
            answer["documents"][0],
            answer["metadatas"][0],
            answer["distances"][0],
            strict=True,
        )
        return tuple(self._hit(*row) for row in rows)

    def passages(
        self, collection: UUID, ids: Sequence[str], *, vector: Sequence[float]
    ) -> tuple[Hit, ...]:
        """The passages of these ids that are there, each with its nearness to a vector."""
        if not ids:
            return ()
        body = {"ids": list(ids), "include": ["documents", "metadatas", "embeddings"]}
        answer = self._post(f"{self._place(collection)}/get", body, timeout_s=SEARCH_TIMEOUT_S)
        asked = np.asarray(vector, dtype=np.float32)
        hits = []
        for passage_id, text, metadata, embedding in zip(
            answer["ids"],
            answer["documents"],
            answer["metadatas"],
            answer["embeddings"],
            strict=True,
        ):
            nearness = float(np.asarray(embedding, dtype=np.float32) @ asked)
            hits.append(self._hit(passage_id, text, metadata, 1.0 - nearness))
        return tuple(hits)

    def ids(self, collection: UUID, *, start: int, limit: int) -> list[str]:
        """The ids of what is in a collection, a page at a time."""
        body = {"limit": limit, "offset": start, "include": []}
        return list(self._post(f"{self._place(collection)}/get", body)["ids"])

    def register_id(self) -> UUID:
        """The register's own id among the collections."""
        return _register_id(self._tenant_id)

    def collections(self) -> dict[UUID, str]:
        """Every collection of the tenant in Chroma, by id, with its name; none where there is no
        database yet.
        """
        answer = self._ask("GET", self._collections, params={"limit": 1000})
        return {UUID(row["id"]): row["name"] for row in answer}

    def drop(self, name: str) -> None:
        """Remove a collection with all that is in it."""
        self._ask("DELETE", f"{self._collections}/{name}", tolerate=404)

    def _metadata(self, passage: IndexedPassage) -> dict[str, str | int]:
        return {
            "tenant_id": self._tenant_id,
            "document_id": passage.document_id,
            "revision_id": passage.revision_id,
            "title": passage.title,
            "heading": passage.heading,
            "page": passage.page,
        }

    def _hit(self, passage_id: str, text: str, metadata: dict[str, Any], distance: float) -> Hit:
        self._check(passage_id, metadata)
        return Hit(
            id=passage_id,
            document_id=str(metadata.get("document_id", "")),
            revision_id=str(metadata.get("revision_id", "")),
            title=str(metadata.get("title", "")),
            text=text,
            heading=str(metadata.get("heading", "")),
            page=int(metadata.get("page", 0)),
            score=1.0 - distance,
        )

    def _check(self, row_id: str, metadata: Mapping[str, Any] | None) -> None:
        if metadata is None or metadata.get("tenant_id") != self._tenant_id:
            raise ForeignPassage(f"passage {row_id} is not tenant {self._tenant_id}'s")

    def _delete(self, place: str, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _NAMED):
            self._post(f"{place}/delete", {"ids": list(ids[start : start + _NAMED])})

    def _place(self, collection: UUID) -> str:
        return f"{self._collections}/{collection}"

    def _register(self) -> str:
        return self._place(_register_id(self._tenant_id))

    def _post(
        self,
        path: str,
        body: dict[str, Any],
        *,
        timeout_s: float = WRITE_TIMEOUT_S,
        tolerate: int | None = None,
    ) -> Any:
        raw = msgspec.json.encode(body)
        return self._ask("POST", path, content=raw, timeout_s=timeout_s, tolerate=tolerate)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        timeout_s: float = WRITE_TIMEOUT_S,
        tolerate: int | None = None,
        **request: Any,
    ) -> Any:
        try:
            answer = _http().request(method, path, timeout=timeout_s, **request)
        except httpx.HTTPError as error:
            raise KnowledgeUnavailable(
                f"Chroma at {settings.CHROMA_URL}: {type(error).__name__}"
            ) from error
        if answer.status_code == tolerate:
            return {}
        if answer.is_error:
            # The register may have been lost with the rest: its id is looked up anew.
            _register_id.cache_clear()
            raise KnowledgeUnavailable(
                f"Chroma answered {answer.status_code} to {path}: {answer.text[:200]}"
            )
        return msgspec.json.decode(answer.content)  # half a megabyte of digits, now and then


@lru_cache(maxsize=4096)
def _register_id(tenant_id: TenantId) -> UUID:
    return TenantIndex(tenant_id).ensure(REGISTER)


def collection_id(text: str) -> UUID:
    """A collection's id as a handle names it; else `BadInput`."""
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(f"knowledge handle {text[:40]!r}: expected UUIDs") from None


def _packed(vector: Sequence[float] | NDArray[np.float32]) -> str:
    """Numbers as base64: a fifth of their JSON, and no digit is lost."""
    return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()
