"""A document's way into the index: nothing is lost or doubled, whatever ends a run of its job."""

import io
from datetime import timedelta
from uuid import UUID

import pytest

from rag import queries
from rag.actions import (
    add_document,
    change_document,
    queue_file,
    queue_text,
    remove_document,
    replace_with_file,
    replace_with_text,
    retry_document,
)
from rag.chroma import TenantIndex, collection_id
from rag.collection_actions import (
    change_collection,
    create_collection,
    remove_collection,
)
from rag.errors import BadDocument, DocumentTooLarge, NotEmpty, QuotaFull
from rag.ingestion import claims, indexing
from rag.ingestion.renewal import renew
from rag.ingestion.run import ingest
from rag.ingestion.sweeping import sweep
from rag.models import Chunk, Document, Revision, WordIndex
from rag.types import INDEX_FORM, WORDS_FORM
from tenants.context import as_tenant
from tenants.models import WebhookEvent
from tests.rag import files
from tests.rag.companies import Company, company, neighbour  # noqa: F401  fixtures
from warmline.kernel import clock
from warmline.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db
LONG = "\n\n".join(f"Service number {n} costs {n} dollars in all." for n in range(1, 151))


def test_an_uploaded_file_answers_when_the_jobs_have_read_it(company: Company) -> None:
    """With its title, heading and page; the company's systems are told, once."""
    with as_tenant(company.tenant_id):
        raw = files.pdf([["# Weekend visits", "They cost an extra forty dollars each."]])
        document_id = queue_file(io.BytesIO(raw), file_name="../../prices.pdf")
        waiting = queries.document(document_id)
        assert (waiting.state, waiting.answers, waiting.file_name) == (
            "queued",
            False,
            "prices.pdf",
        )
    company.work()
    with as_tenant(company.tenant_id):
        ready = queries.document(document_id)
        assert (ready.state, ready.pages, ready.passages, ready.embedded) == ("ready", 1, 1, 1)
        (passage,) = queries.search("what do visits on the weekend cost")
        assert (passage.title, passage.heading, passage.page) == ("prices.pdf", "Weekend visits", 1)
        assert [event.type for event in WebhookEvent.objects.all()] == ["knowledge.ready"]


def test_a_run_that_ends_anywhere_is_taken_up_without_loss_or_double(company: Company) -> None:
    """Killed after each step: what the next run finds is whole."""
    with as_tenant(company.tenant_id):
        document_id = queue_text("Prices", text=LONG)
        (revision,) = Revision.objects.all()
        claim = claims.take(revision.pk)
        assert claim is not None
        indexing_again = indexing.index_chunks
        assert ingest(revision.pk, seconds=0)  # it has written one batch and ended
        half = Revision.objects.get(pk=revision.pk)
        assert 0 < half.embedded < half.passages == 150
        # The worker died between the index and its own row: the same passages once more.
        rows = list(Chunk.objects.filter(number__gt=half.embedded).order_by("number")[:20])
        indexing_again(half, rows)
        with pytest.raises(claims.ClaimLost):
            claims.write(claim, embedded=1)
        assert company.answers("what does service number 3 cost") == []
    company.work()
    assert company.vectors() == 150
    with as_tenant(company.tenant_id):
        assert Chunk.objects.count() == 150
        assert queries.document(document_id).state == "ready"


def test_a_killed_run_is_missed_and_a_waiting_one_is_not(company: Company) -> None:
    """A run that held its claim and told no more for a minute was killed; one that gave the
    document back waits behind others' for three, before its message counts as lost.
    """
    with as_tenant(company.tenant_id):
        queue_text("Prices", text=LONG)
        (revision,) = Revision.objects.all()
        assert ingest(revision.pk, seconds=0)
        silent = Revision.objects.filter(pk=revision.pk)
        silent.update(claimed_at=clock.now() - timedelta(minutes=2))
        assert not Revision.objects.filter(claims.waiting()).exists()
        silent.update(claimed_at=clock.now() - timedelta(minutes=4))
        assert Revision.objects.filter(claims.waiting()).exists()
        assert claims.take(revision.pk) is not None
        assert not Revision.objects.filter(claims.waiting()).exists()
        silent.update(claimed_at=clock.now() - timedelta(minutes=2))
        assert Revision.objects.filter(claims.waiting()).exists()


def test_what_an_earlier_version_indexed_is_indexed_anew(company: Company) -> None:
    """It answers meanwhile; each is sent once; the index of words follows."""
    raw = files.pdf([["# Weekend visits", "They cost an extra forty dollars each."]])
    with as_tenant(company.tenant_id):
        queue_file(io.BytesIO(raw), file_name="prices.pdf")
        queue_text("Hours", text="We open at seven in the morning.")
    company.work()
    with as_tenant(company.tenant_id):
        assert renew() == 0
        before = set(Revision.objects.values_list("pk", flat=True))
        Revision.objects.update(index_form=INDEX_FORM - 1)
        WordIndex.objects.update(form=WORDS_FORM - 1)
        assert (renew(), renew()) == (2, 0)
        assert {line.state for line in queries.documents()} == {"queued"}
    assert company.answers("when do you open in the morning")
    company.work()
    assert "forty" in company.answers("what do visits on the weekend cost")[0]
    assert company.vectors() == 2
    with as_tenant(company.tenant_id):
        after = Revision.objects.values_list("pk", "index_form")
        assert {form for _, form in after} == {INDEX_FORM}
        assert not before & {pk for pk, _ in after}
        assert WordIndex.objects.get().form == WORDS_FORM
        assert renew() == 0


def test_a_document_is_replaced_in_one_step(company: Company) -> None:
    """The earlier content answers until the later is whole; then nothing of it is left."""
    with as_tenant(company.tenant_id):
        document_id = queue_text(
            "Prices", text="Weekend visits cost an extra forty dollars.\n\n" + LONG
        )
    company.work()
    with as_tenant(company.tenant_id):
        replace_with_text(
            document_id, text="Weekend visits cost an extra ninety dollars.\n\n" + LONG
        )
        (revision,) = Revision.objects.filter(state="queued")
        assert ingest(revision.pk, seconds=0)
        line = queries.document(document_id)
        assert (line.state, line.answers) == ("embedding", True)
    assert "forty" in company.answers("how much extra are weekend visits")[0]
    company.work()
    assert "ninety" in company.answers("how much extra are weekend visits")[0]
    assert "forty" not in str(company.answers("how much extra are weekend visits"))
    assert company.vectors() == 151
    with as_tenant(company.tenant_id):
        assert Revision.objects.count() == 1


def test_of_two_replacements_the_later_counts(company: Company) -> None:
    """Whichever is done first."""
    with as_tenant(company.tenant_id):
        document_id = queue_text("Hours", text="We open at seven in the morning.")
        first = Revision.objects.get()
        replace_with_text(document_id, text="We open at eight in the morning.")
        assert not ingest(first.pk, seconds=60)
    company.work()
    assert company.answers("when do you open in the morning") == [
        "We open at eight in the morning."
    ]
    assert company.vectors() == 1


def test_what_is_refused_says_why_and_what_answers_stays(company: Company) -> None:
    """A scan in place of a text; tried again it is read again."""
    with as_tenant(company.tenant_id):
        document_id = queue_text("Hours", text="We open at seven in the morning.")
    company.work()
    with as_tenant(company.tenant_id):
        replace_with_file(document_id, body=io.BytesIO(files.pdf([[""]])), file_name="scan.pdf")
    company.work()
    with as_tenant(company.tenant_id):
        line = queries.document(document_id)
        assert (line.state, line.answers) == ("failed", True)
        assert "pictures" in line.problem
        assert "OCR" in line.advice
        retry_document(document_id)
        with pytest.raises(Conflict):
            retry_document(document_id)
    assert company.answers("when do you open in the morning")
    company.work()
    with as_tenant(company.tenant_id):
        assert queries.document(document_id).state == "failed"


def test_work_that_ends_again_and_again_is_parked(company: Company) -> None:
    """A file that breaks its worker is not tried for ever."""
    with as_tenant(company.tenant_id):
        document_id = queue_text("Hours", text="We open at seven.")
        (revision,) = Revision.objects.all()
        for _ in range(claims.MOST_ATTEMPTS):
            assert claims.take(revision.pk) is not None
        assert claims.take(revision.pk) is None
        line = queries.document(document_id)
        assert (line.state, line.advice != "") == ("failed", True)


def test_a_removed_document_leaves_nothing(company: Company) -> None:
    """No row, no vector, no file; also while it is being replaced."""
    with as_tenant(company.tenant_id):
        document_id = queue_file(io.BytesIO(LONG.encode()), file_name="prices.txt")
    company.work()
    with as_tenant(company.tenant_id):
        replace_with_file(document_id, body=io.BytesIO(LONG.encode()), file_name="b.txt")
        (revision,) = Revision.objects.filter(state="queued")
        ingest(revision.pk, seconds=0)
        remove_document(document_id)
        assert not ingest(revision.pk, seconds=60)
        assert not Revision.objects.exists()
        assert not Chunk.objects.exists()
    assert company.vectors() == 0
    assert company.answers("what does service number 3 cost") == []


def test_a_document_moves_to_another_collection_whole(company: Company) -> None:
    """It answers in the one until it answers in the other."""
    with as_tenant(company.tenant_id):
        north, south = create_collection("North"), create_collection("South")
        document_id = queue_text("Hours", text="We open at seven.", collection_id=north)
    company.work()
    with as_tenant(company.tenant_id):
        change_document(document_id, collection_id=south)
        assert queries.document(document_id).collection == "North"
    company.work()
    with as_tenant(company.tenant_id):
        assert queries.document(document_id).collection == "South"
        for collection, answers in ((north, 0), (south, 1)):
            found = queries.try_question("when do you open", collection_ids=[collection])
            assert len(found) == answers
    assert company.vectors() == 1


def test_a_call_looks_into_its_own_collections_alone(company: Company) -> None:
    """By meaning and by words; what a handle names was vouched for by its token."""
    with as_tenant(company.tenant_id):
        for name, hour in (("North", "seven"), ("South", "nine")):
            collection = create_collection(name)
            queue_text("Hours", text=f"We open at {hour} each morning.", collection_id=collection)
    company.work()
    with as_tenant(company.tenant_id):
        south = next(line.id for line in queries.collections() if line.name == "South")
        handle = queries.knowledge_handle([south])
        assert len(queries.search("when do you open each morning")) == 2
    (passage,) = queries.search_collection(
        company.tenant_id, handle=handle, query="when do you open each morning", k=3
    )
    assert "nine" in passage.text


def test_a_code_is_found_by_its_letters(company: Company) -> None:
    """Meaning alone takes one for another."""
    codes = [f"Fault E-{4000 + n}: call the workshop, line {n}." for n in range(60)]
    with as_tenant(company.tenant_id):
        queue_text("Faults", text="\n\n".join(codes))
    company.work()
    assert "E-4037" in company.answers("my display says e 4037 what does the fault mean")[0]


def test_the_index_of_words_follows_what_is_there(company: Company) -> None:
    """A passage that is gone is not found by its words either, before the index is made anew."""
    with as_tenant(company.tenant_id):
        document_id = queue_text("Codes", text="Fault Zyx-77 means low water.")
    company.work()
    assert company.answers("zyx 77")
    with as_tenant(company.tenant_id):
        remove_document(document_id)
        assert WordIndex.objects.get().built < WordIndex.objects.get().changed
    assert company.answers("zyx 77") == []


def test_orphans_are_swept_up(company: Company, neighbour: Company) -> None:
    """Old vectors without a row, never young ones or another company's."""
    with as_tenant(neighbour.tenant_id):
        add_document("Hours", text="We open at nine.")
    with as_tenant(company.tenant_id):
        add_document("Hours", text="We open at seven.")
        place = collection_id(queries.knowledge_handle())
        (revision,) = Revision.objects.select_related("document")
        old = Chunk(id=UUID(int=0x7 << 76), revision=revision, number=9, text="old")
        young = Chunk(revision=revision, number=10, text="young")
        indexing.index_chunks(revision, [old, young])
        assert company.vectors() == 3
        assert sweep() == 1
        kept = TenantIndex(company.tenant_id).ids(place, start=0, limit=10)
    assert str(young.pk) in kept
    assert str(old.pk) not in kept
    assert neighbour.vectors() == 1


def test_nothing_is_kept_of_what_is_too_large(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file beyond the limit is refused while it comes."""
    monkeypatch.setenv("WARMLINE_DOCUMENT_MB", "1")
    with as_tenant(company.tenant_id):
        with pytest.raises(DocumentTooLarge, match="at most 1 MB"):
            queue_file(io.BytesIO(bytes(1024 * 1024 + 1)), file_name="a.txt")
        with pytest.raises(BadDocument, match="not empty"):
            queue_file(io.BytesIO(b""), file_name="a.txt")
        assert not Document.objects.exists()


def test_a_company_keeps_within_its_limits(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents are counted when they come, passages when they are cut."""
    monkeypatch.setenv("WARMLINE_KNOWLEDGE_PASSAGES", "100")
    with as_tenant(company.tenant_id):
        document_id = queue_text("Prices", text=LONG)
    company.work()
    monkeypatch.setenv("WARMLINE_KNOWLEDGE_DOCUMENTS", "1")
    with as_tenant(company.tenant_id):
        assert "150" in queries.document(document_id).problem
        with pytest.raises(QuotaFull):
            queue_text("One more", text="Words.")


def test_the_same_again_changes_nothing(company: Company) -> None:
    """Text, file and page, under the same title in the same collection."""
    with as_tenant(company.tenant_id):
        for _ in range(2):
            queue_text("Hours", text="We open at seven.")
            queue_file(io.BytesIO(b"We open at seven."), file_name="hours.txt")
        assert Document.objects.count() == 2
        other = create_collection("Other")
        queue_text("Hours", text="We open at seven.", collection_id=other)
        assert Document.objects.count() == 3


def test_collections_have_names_of_their_own(company: Company, neighbour: Company) -> None:
    """In any case; one with documents is not removed; another company's is not there."""
    with as_tenant(company.tenant_id):
        north = create_collection("North")
        for name in ("NORTH", " north "):
            with pytest.raises(Conflict):
                create_collection(name)
        queue_text("Hours", text="We open at seven.", collection_id=north)
        with pytest.raises(NotEmpty):
            remove_collection(north)
        change_collection(north, name="Northern", description="Up there")
        assert queries.collection(north).name == "Northern"
    with as_tenant(neighbour.tenant_id):
        for refused in (change_collection, remove_collection, queries.collection):
            with pytest.raises(NotFound):
                refused(north)
        with pytest.raises(NotFound):
            queue_text("Hours", text="We open.", collection_id=north)


def test_a_new_title_is_told_at_once(company: Company) -> None:
    """In what is found and in the list, without its passages being indexed anew."""
    with as_tenant(company.tenant_id):
        document_id = add_document("Hours", text="We open at seven in the morning.")
        change_document(document_id, title="Opening times")
        (passage,) = queries.search("when do you open in the morning")
        assert passage.title == queries.document(document_id).title == "Opening times"
