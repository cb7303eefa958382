"""What agents know: found by meaning, cited, and never another tenant's.
On a real Chroma server.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test.client import AsyncClient, Client

from rag.actions import add_document, reindex, remove_document
from rag.chroma import TenantIndex, collection_id
from rag.embedding.encoder import embed_query
from rag.errors import BadDocument, ForeignPassage, KnowledgeUnavailable
from rag.queries import documents, knowledge_handle, search, search_collection
from rag.types import IndexedPassage, KnowledgeHandle
from tenants import call_tokens
from tenants.actions import create_tenant
from tenants.context import as_tenant
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import CallId, TenantId, new_call_id

pytestmark = pytest.mark.django_db
PRICES = """Weekend visits cost an extra forty dollars.

All repairs are guaranteed for two years.

We accept cash, cards and bank transfers."""
CLINIC = """Parking is free in the yard behind the clinic.

Please bring your insurance card to every appointment."""


@dataclass(frozen=True, slots=True)
class Knowing:
    """A tenant that knows something, and a call of its with a token for that."""

    tenant_id: TenantId
    handle: KnowledgeHandle
    call_id: CallId
    token: str


def knowing(slug: str, *, vertical: str, text: str) -> Knowing:
    """A tenant with one document."""
    tenant = create_tenant(slug, name=slug, vertical=vertical)
    with as_tenant(tenant.tenant_id):
        add_document("Good to know", text=text)
        handle = knowledge_handle()
    call_id = new_call_id()
    return Knowing(
        tenant.tenant_id,
        handle,
        call_id,
        call_tokens.issue(call_id, tenant.tenant_id, (), handle, 600),
    )


@pytest.fixture
def plumber(db: None, chroma_server: str) -> Knowing:
    """Knows prices."""
    return knowing("rivertown", vertical="homeservices", text=PRICES)


@pytest.fixture
def clinic(db: None, chroma_server: str) -> Knowing:
    """Knows about parking."""
    return knowing("lakeside", vertical="healthcare", text=CLINIC)


def ask(call: Knowing, body: object, *, token: str = "") -> Any:
    """The media plane's request; status and body."""
    answer = Client().post(
        f"/internal/calls/{call.call_id}/knowledge",
        data=body if isinstance(body, bytes) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token or call.token}"},
    )
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "hello do you charge extra for weekend visits",
            "Weekend visits cost an extra forty dollars.",
        ),
        ("how long is the guarantee", "All repairs are guaranteed for two years."),
        ("can i pay by card", "We accept cash, cards and bank transfers."),
    ],
)
def test_a_question_finds_the_passage_that_answers_it(
    plumber: Knowing, question: str, answer: str
) -> None:
    """Best first, with its title and score."""
    status, body = ask(plumber, {"query": question, "k": 3})
    assert status == 200
    best = body["passages"][0]
    assert (best["text"], best["title"]) == (answer, "Good to know")
    assert 0.3 <= best["score"] <= 1


@pytest.mark.parametrize(
    "words", ["yes please", "no that is all thank you goodbye", "the of at in a"]
)
def test_words_that_nothing_is_known_about_find_nothing(plumber: Knowing, words: str) -> None:
    """Below the floor there is no answer, rather than a wrong one."""
    assert ask(plumber, {"query": words})[1] == {"passages": []}


def test_neither_tenant_finds_what_the_other_knows(plumber: Knowing, clinic: Knowing) -> None:
    """By its own question, its own calls, its own searches."""
    with as_tenant(plumber.tenant_id):
        assert search("where can i park at the clinic") == ()
    with as_tenant(clinic.tenant_id):
        (found,) = search("where can i park at the clinic")
    assert found.text == "Parking is free in the yard behind the clinic."


def test_another_tenants_handle_finds_nothing(plumber: Knowing, clinic: Knowing) -> None:
    """Though Chroma itself would open any collection to whoever knows its id."""
    forged = call_tokens.issue(plumber.call_id, plumber.tenant_id, (), clinic.handle, 600)
    status, body = ask(plumber, {"query": "where can i park"}, token=forged)
    assert body.get("passages", []) == []
    assert status in (200, 503)


def test_a_foreign_row_in_an_answer_spoils_the_whole_answer(
    plumber: Knowing, clinic: Knowing
) -> None:
    """Whoever put it there: nothing is said of what came with it."""
    index = TenantIndex(plumber.tenant_id)
    stray = IndexedPassage(
        id=str(uuid4()),
        document_id="x",
        revision_id="x",
        title="",
        text="theirs",
        heading="",
        page=0,
        vector=embed_query("theirs"),
    )
    place = collection_id(plumber.handle)
    TenantIndex(clinic.tenant_id).upsert(place, [stray])
    with pytest.raises(ForeignPassage):
        index.nearest(place, embed_query("theirs"), k=10)
    with pytest.raises(ForeignPassage):
        index.passages(place, [stray.id], vector=embed_query("theirs"))
    assert ask(plumber, {"query": "theirs"})[0] == 503


def test_adding_the_same_text_twice_changes_nothing(plumber: Knowing) -> None:
    """Setting up twice is harmless."""
    with as_tenant(plumber.tenant_id):
        add_document("Good to know", text=PRICES)
        assert [(line.title, line.passages) for line in documents()] == [("Good to know", 3)]


def test_a_removed_document_is_forgotten(plumber: Knowing) -> None:
    """From the index too, and only for its own tenant."""
    with as_tenant(plumber.tenant_id):
        (line,) = documents()
        remove_document(line.id)
        assert search("do you charge extra for weekend visits") == ()
        with pytest.raises(NotFound):
            remove_document(line.id)


def test_another_tenants_document_cannot_be_removed(plumber: Knowing, clinic: Knowing) -> None:
    """It is not there."""
    with as_tenant(plumber.tenant_id):
        (line,) = documents()
    with as_tenant(clinic.tenant_id), pytest.raises(NotFound):
        remove_document(line.id)


def test_a_lost_index_is_made_again_from_the_rows(plumber: Knowing, chroma_server: str) -> None:
    """Postgres is the truth."""
    index = TenantIndex(plumber.tenant_id)
    for name in index.collections().values():
        index.drop(name)
    with as_tenant(plumber.tenant_id):
        with pytest.raises(KnowledgeUnavailable):
            search("do you charge extra for weekend visits")
        assert reindex() == 3
        assert search("do you charge extra for weekend visits")[0].text.startswith("Weekend visits")


@pytest.mark.parametrize(
    ("title", "text"), [("", "words"), ("Title", " \n "), ("Title", "x" * 200_001)]
)
def test_a_document_without_words_or_without_end_is_refused(
    plumber: Knowing, title: str, text: str
) -> None:
    """Before anything is written."""
    with as_tenant(plumber.tenant_id), pytest.raises(BadDocument):
        add_document(title, text=text)


@pytest.mark.parametrize(
    "body", [b"", b"{", {"query": ""}, {"query": "x", "k": 0}, {"query": "x", "k": 11}, {"k": 1}]
)
def test_a_body_that_is_no_question_is_refused(plumber: Knowing, body: object) -> None:
    """400 for each."""
    assert ask(plumber, body)[0] == 400


def test_only_the_calls_own_token_opens_its_knowledge(plumber: Knowing, clinic: Knowing) -> None:
    """None, another call's."""
    assert ask(plumber, {"query": "x"}, token="none")[0] == 401
    assert ask(plumber, {"query": "x"}, token=clinic.token)[0] == 401


def test_a_tenant_that_knows_nothing_answers_nothing(db: None) -> None:
    """Without asking the index."""
    tenant_id = create_tenant("newcomer", name="New", vertical="homeservices").tenant_id
    assert search_collection(tenant_id, handle=KnowledgeHandle(""), query="anything", k=3) == ()


async def test_the_door_works_from_an_event_loop(plumber: Knowing) -> None:
    """As the web plane serves it."""
    answer = await AsyncClient().post(
        f"/internal/calls/{plumber.call_id}/knowledge",
        data=json.dumps({"query": "do you charge extra on weekends", "k": 1}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {plumber.token}"},
    )
    assert [passage["text"] for passage in answer.json()["passages"]] == [
        "Weekend visits cost an extra forty dollars."
    ]
