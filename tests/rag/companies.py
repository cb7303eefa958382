"""Companies with knowledge, their keys, and what their jobs do."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from rag import queries
from rag.chroma import TenantIndex, collection_id
from rag.ingestion import indexing
from rag.ingestion.run import ingest
from rag.ingestion.words import rebuild_words
from rag.models import Revision
from rag.types import UNFINISHED
from tenants.actions import create_api_key, create_tenant
from tenants.context import as_tenant
from warmline.kernel.ids import TenantId


@dataclass(frozen=True, slots=True)
class Company:
    """A tenant, and what its jobs do."""

    tenant_id: TenantId

    def work(self) -> None:
        """As the jobs do, until nothing waits."""
        with as_tenant(self.tenant_id):
            unfinished = Revision.objects.filter(state__in=UNFINISHED)
            for revision_id, document_id in list(unfinished.values_list("pk", "document_id")):
                while ingest(revision_id, seconds=60):
                    pass
                indexing.clear_superseded(document_id)
            rebuild_words()

    def vectors(self) -> int:
        """How many passages the index holds for it, in all collections."""
        with as_tenant(self.tenant_id):
            handle = queries.knowledge_handle()
        index = TenantIndex(self.tenant_id)
        places = [collection_id(text) for text in handle.split(",") if text]
        return sum(len(index.ids(place, start=0, limit=5000)) for place in places)

    def answers(self, question: str) -> list[str]:
        """The texts that it would put before a model."""
        with as_tenant(self.tenant_id):
            return [passage.text for passage in queries.search(question)]

    def api(self) -> "Api":
        """The REST API with a key of its own."""
        with as_tenant(self.tenant_id):
            return Api({"Authorization": f"Bearer {create_api_key('test').secret}"})


@dataclass(frozen=True, slots=True)
class Api:
    """The REST API under /knowledge."""

    headers: dict[str, str]

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The response to a JSON body."""
        return Client().generic(
            method,
            f"/api/v1/knowledge{path}",
            data=b"" if body is None else _json(body),
            content_type="application/json",
            headers={**self.headers, **headers},
        )

    def upload(self, path: str, **fields: Any) -> Any:
        """The response to a form with a file."""
        return Client().post(f"/api/v1/knowledge{path}", data=fields, headers=self.headers)


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


@pytest.fixture
def company(db: None, chroma_server: str) -> Company:
    """A tenant that knows nothing yet."""
    return Company(create_tenant("rivertown", name="R", vertical="homeservices").tenant_id)


@pytest.fixture
def neighbour(db: None, chroma_server: str) -> Company:
    """Another one."""
    return Company(create_tenant("lakeside", name="L", vertical="healthcare").tenant_id)
